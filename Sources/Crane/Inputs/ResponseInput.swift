public import HTTPTypes

/// The response of a route that gives back a value, to be given a status, fields and cookies.
///
/// ```swift
/// app.post("/login", form, ResponseInput()) { form, response in
///     response.setCookie(SetCookie("session", try await open(form), httpOnly: true))
///     return Message("Welcome")
/// }
/// ```
/// Dependencies may take it too.
public struct ResponseInput: Input {
    /// The input; the handler is given what it changes the response by.
    public init() {}

    public func value(in inputs: inout Inputs) async throws -> ResponseChanges? {
        ResponseChanges(inputs.context)
    }

    public var extraction: InputExtraction { .reading { ResponseChanges($0.context) } }
}

/// Changes to the response of one request, which `ResponseInput` gives. Nothing is changed when the request ends in an error.
public struct ResponseChanges: Sendable {
    private let context: Context

    init(_ context: Context) {
        self.context = context
        context.expectHooks()
    }

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

    /// Has the browser remove a cookie: what names it, path and domain among it, must be as it was set.
    ///
    /// - Parameters:
    ///   - name: the cookie's name.
    ///   - path: the one that it was set with.
    ///   - domain: the one that it was set with.
    ///   - secure: whether it was set for HTTPS only, as a name that begins with `__Host-` or `__Secure-` must be.
    public func deleteCookie(
        _ name: String, path: String? = "/", domain: String? = nil, secure: Bool = false
    ) {
        setCookie(SetCookie(name, "", maxAge: .zero, path: path, domain: domain, secure: secure))
    }

    private func change(_ change: (inout PendingChanges) -> Void) {
        context.changeHooks { change(&$0.changes) }
    }
}
