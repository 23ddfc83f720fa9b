public import CraneHTTP
public import HTTPTypes

/// Whose word is believed in a request's fields.
public enum Callers: Sendable {
    /// That of the proxies which the application trusts.
    case trustedProxies
    /// Everybody's.
    case everyone
}

/// Tells clients the id of their request, which ties its log lines together: `Context.requestID`.
///
/// An id that comes with the request is taken when it is 1 to 128 letters, digits and characters of `-_.:+/=@~`; any other is passed over.
public struct RequestID: SynchronousMiddleware {
    private let field: HTTPField.Name
    private let source: Callers
    private let lineStart: [UInt8]

    /// - Parameters:
    ///   - field: of the request and of the response.
    ///   - source: whose ids are taken; everyone's are of use within a network of one's own.
    public init(_ field: HTTPField.Name = .xRequestID, from source: Callers = .trustedProxies) {
        self.field = field
        self.source = source
        lineStart = Array("\(field.rawName): ".utf8)
    }

    public func enter(_ request: Request, _ context: Context) -> Response? {
        if source == .everyone || context.isFromTrustedProxy, let id = request.headers.first(field),
            TrustedProxies.isRequestID(id)
        {
            context.setRequestID(id)
        }
        return nil
    }

    public func leave(_ request: Request, _ context: Context, _ response: inout Response) {
        response.headers[field] = nil
        response.fieldLines += lineStart
        response.fieldLines += context.requestID.utf8
        response.fieldLines += [13, 10]
    }
}
