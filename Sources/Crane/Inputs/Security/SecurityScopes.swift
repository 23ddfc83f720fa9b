import HTTPTypes

/// What a route wants a caller to be allowed, gathered from all that leads to a dependency: FastAPI's `SecurityScopes`.
///
/// ```swift
/// let user = Dependency(OAuth2PasswordBearer(tokenURL: "token", scopes: ["notes:write": "Write notes"]), SecurityScopesInput()) {
///     token, scopes in
///     let user = try users.user(token: token)
///     try scopes.check(user.scopes)
///     return user
/// }
/// app.post("/notes", user.scopes("notes:write"), Body(NewNote.self)) { user, note in … }
/// ```
public struct SecurityScopes: Hashable, Sendable {
    /// Each once, what stands outermost first.
    public let all: [String]

    /// The scopes as OAuth 2 writes them, with a space between two (RFC 6749, section 3.3).
    public var text: String { all.joined(separator: " ") }

    /// Throws 403 with the challenge of RFC 6750, section 3.1, unless all of them are among those that were granted.
    public func check(_ granted: some Sequence<String>) throws(HTTPError) {
        let granted = Set(granted)
        if all.allSatisfy(granted.contains) { return }
        throw HTTPError(
            .forbidden, "Not enough permissions",
            headers: [.wwwAuthenticate: "Bearer error=\"insufficient_scope\", scope=\"\(text)\""])
    }
}

/// Takes the scopes that are wanted where the dependency is named that takes this input.
public struct SecurityScopesInput: Input {
    public init() {}

    public func value(in inputs: inout Inputs) async throws -> SecurityScopes? {
        SecurityScopes(all: inputs.scopes)
    }

    public var extraction: InputExtraction { .reading { SecurityScopes(all: $0.scopes) } }
}

/// A dependency that is wanted with scopes.
public struct ScopedDependency<Value: Sendable>: Input {
    fileprivate let dependency: Dependency<Value>
    fileprivate let scopes: [String]

    public func value(in inputs: inout Inputs) async throws -> Value? {
        let outside = inputs.scopes
        for scope in scopes where !inputs.scopes.contains(scope) { inputs.scopes.append(scope) }
        defer { inputs.scopes = outside }
        return try await dependency.value(in: &inputs)
    }

    public func describe(to operation: inout InputsDescription) {
        operation.want(scopes, of: dependency)
        dependency.describe(to: &operation)
    }
}

extension Dependency {
    /// The same dependency where it is wanted with scopes, beside those that others want of it: FastAPI's
    /// `Security(dependency, scopes: [...])`.
    ///
    /// One of its inputs, or of theirs, takes them by `SecurityScopesInput`, and says what becomes of a caller without. A dependency that
    /// takes them is made anew for each place that names it with scopes.
    public func scopes(_ scopes: String...) -> ScopedDependency<Value> {
        ScopedDependency(dependency: self, scopes: scopes)
    }
}

extension AnyDependency {
    /// Whether its value depends on the scopes.
    var takesScopes: Bool {
        inputs.contains { input in
            input is SecurityScopesInput || (input as? any AnyDependency)?.takesScopes == true
        }
    }
}
