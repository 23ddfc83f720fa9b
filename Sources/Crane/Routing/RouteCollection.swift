public import HTTPTypes

/// What routes are registered with: an application or a router.
public protocol RouteCollection {
    /// Adds a route; `get` and its kin make one.
    mutating func add(_ route: Route)

    /// How errors of its routes are answered; `onError` adds to them.
    var errorHandlers: ErrorHandlers { get set }
}

extension RouteCollection {
    /// Registers a route for `GET`, and with it for `HEAD`.
    public var get: RouteMethod {
        get { self[.get] }
        set { self[.get] = newValue }
    }

    /// Registers a route for `POST`.
    public var post: RouteMethod {
        get { self[.post] }
        set { self[.post] = newValue }
    }

    /// Registers a route for `PUT`.
    public var put: RouteMethod {
        get { self[.put] }
        set { self[.put] = newValue }
    }

    /// Registers a route for `PATCH`.
    public var patch: RouteMethod {
        get { self[.patch] }
        set { self[.patch] = newValue }
    }

    /// Registers a route for `DELETE`.
    public var delete: RouteMethod {
        get { self[.delete] }
        set { self[.delete] = newValue }
    }

    /// Registers a route for any method: `app[.options]("/comments/") { … }`.
    public subscript(method: HTTPRequest.Method) -> RouteMethod {
        get { RouteMethod(method) }
        set { if let route = newValue.route { add(route) } }
    }
}
