public import HTTPTypes

/// What routes are registered with: an application or a router.
public protocol RouteCollection {
    /// Adds a route; `get` and its kin make one.
    mutating func add(_ route: Registration)
}

extension RouteCollection {
    /// Registers a handler for a method and a path.
    ///
    /// A path is made of segments: text, `{name}` for one segment that is not empty, or `{name:path}` at the end for all
    /// the rest, slashes included. Text is preferred to a parameter whatever the order of registration.
    public mutating func on(_ method: HTTPRequest.Method, _ path: String, _ handler: @escaping Handler) {
        add(Registration(method: method, path: path, handler: handler))
    }

    /// Registers a handler for `GET`, and with it for `HEAD`.
    public mutating func get(_ path: String, _ handler: @escaping Handler) { on(.get, path, handler) }
    /// Registers a handler for `POST`.
    public mutating func post(_ path: String, _ handler: @escaping Handler) { on(.post, path, handler) }
    /// Registers a handler for `PUT`.
    public mutating func put(_ path: String, _ handler: @escaping Handler) { on(.put, path, handler) }
    /// Registers a handler for `DELETE`.
    public mutating func delete(_ path: String, _ handler: @escaping Handler) { on(.delete, path, handler) }
    /// Registers a handler for `PATCH`.
    public mutating func patch(_ path: String, _ handler: @escaping Handler) { on(.patch, path, handler) }
}
