public import HTTPTypes

/// Changes to the response of a route that gives back a value: an input that sets status, fields and cookies.
///
/// ```swift
/// app.post("/login", form, ResponseChanges()) { form, response in
///     response.setCookie(SetCookie("session", try await open(form), httpOnly: true))
///     return Message("Welcome")
/// }
/// ```
/// Dependencies may take it too. Nothing is changed when the request ends in an error.
public struct ResponseChanges: Input {
    private let context: Context?

    /// The input; the handler is given what it changes the response by.
    public init() {
        context = nil
    }

    private init(_ context: Context) {
        self.context = context
    }

    public func value(in inputs: inout Inputs) async throws -> ResponseChanges? {
        ResponseChanges(inputs.context)
    }

    public var step: InputStep { .reading { ResponseChanges($0.context) } }

    /// Sets the status.
    public func setStatus(_ status: HTTPResponse.Status) {
        change { $0.status = status }
    }

    /// Sets a field, in place of one of that name.
    public func setHeader(_ name: HTTPField.Name, _ value: String) {
        change { $0.fields[name] = value }
    }

    /// Adds a cookie.
    public func setCookie(_ cookie: SetCookie) {
        change { $0.cookies.append(cookie) }
    }

    private func change(_ change: (inout PendingChanges) -> Void) {
        guard let context else {
            preconditionFailure("ResponseChanges() is an input: change what the handler is given")
        }
        context.changeHooks { change(&$0.changes) }
    }
}
