public import CraneSchema

/// A request whose inputs do not fit: 422 with every issue, in the application's `ErrorFormat`; 403 for a WebSocket's handshake,
/// as the reference refuses one. `onError` answers it otherwise.
public struct RequestValidationError: Error {
    /// What does not fit, in the order of the response.
    public var issues: [ValidationIssue]

    /// The refusal of a request with these issues; a handler or an input may throw one of its own.
    public init(_ issues: [ValidationIssue]) {
        self.issues = issues
    }
}
