public import CraneSchema
public import HTTPTypes

/// Registers routes of one HTTP method; called like a function, as `app.get("/") { "Hello" }`.
///
/// What the handler gives back decides how it is called: a value that describes itself is sent as JSON, a `ResponseConvertible` answers for
/// itself, nothing at all is 204. One that does not `await` runs without a task.
public struct RouteMethod: Sendable {
    private let method: HTTPRequest.Method
    /// What was registered by the call; the collection takes it from here.
    private(set) var route: Route?

    init(_ method: HTTPRequest.Method) {
        self.method = method
    }

    @usableFromInline
    mutating func added(_ make: (HTTPRequest.Method) -> Registration) -> Route {
        let route = Route(make(method))
        self.route = route
        return route
    }

    /// Registers a route whose inputs are read, checked and documented by themselves.
    ///
    /// ```swift
    /// app.get("/comments/{comment_id}", Path("comment_id", Int.self), service) { id, service in
    ///     try await service.read(id)
    /// }.responds(.notFound, "No such comment").tags("comments")
    /// ```
    /// The handler, a closure or a function, takes the inputs' values in their order and runs on the loop of the request's
    /// connection. When inputs are at fault it is not called: the response is 422 with every issue.
    ///
    /// A path is made of segments: text, `{name}` for one segment that is not empty, or `{name:path}` at the end for all
    /// the rest, slashes included. Text is preferred to a parameter whatever the order of registration.
    /// - Returns: the route, to say more of it.
    @inlinable
    @discardableResult
    public mutating func callAsFunction<each Part: Input, Output: SchemaRepresentable>(
        _ path: String, _ input: repeat each Part,
        handler: @escaping @Sendable @concurrent (repeat (each Part).Value) async throws -> Output
    ) -> Route {
        added { Registration($0, path, repeat each input, value: handler) }
    }

    /// Registers a route whose inputs are read, checked and documented by themselves, and whose handler does not wait: it runs without a
    /// task where no input waits either.
    @inlinable
    @discardableResult
    public mutating func callAsFunction<each Part: Input, Output: SchemaRepresentable>(
        _ path: String, _ input: repeat each Part,
        handler: @escaping @Sendable (repeat (each Part).Value) throws -> Output
    ) -> Route {
        added { Registration($0, path, repeat each input, valueNow: handler) }
    }

    /// Registers a route whose handler makes the response itself, or gives back a `ResponseConvertible`.
    @inlinable
    @discardableResult
    public mutating func callAsFunction<each Part: Input, Output: ResponseConvertible>(
        _ path: String, _ input: repeat each Part,
        handler: @escaping @Sendable @concurrent (repeat (each Part).Value) async throws -> Output
    ) -> Route {
        added { Registration($0, path, repeat each input, answer: handler) }
    }

    /// Registers a route whose handler makes the response itself, or gives back a `ResponseConvertible`, and does not wait.
    ///
    /// One that waits sometimes gives back an `EventualResponse`.
    @inlinable
    @discardableResult
    public mutating func callAsFunction<each Part: Input, Output: ResponseConvertible>(
        _ path: String, _ input: repeat each Part,
        handler: @escaping @Sendable (repeat (each Part).Value) throws -> Output
    ) -> Route {
        added { Registration($0, path, repeat each input, answerNow: handler) }
    }

    /// Registers a route whose handler gives nothing back: 204 without a body.
    ///
    /// Disfavoured, so that the compiler looks no further where a result can be sent.
    @inlinable
    @_disfavoredOverload
    @discardableResult
    public mutating func callAsFunction<each Part: Input>(
        _ path: String, _ input: repeat each Part,
        handler: @escaping @Sendable @concurrent (repeat (each Part).Value) async throws -> Void
    ) -> Route {
        added { Registration($0, path, repeat each input, nothing: handler) }
    }

    /// Registers a route whose handler reads the request itself; OpenAPI does not have it.
    @discardableResult
    public mutating func callAsFunction(_ path: String, handler: @escaping Handler) -> Route {
        added { Registration(method: $0, path: path, handler: handler) }
    }

    /// Registers a route whose handler reads the request itself and does not wait; OpenAPI does not have it.
    @discardableResult
    public mutating func callAsFunction(_ path: String, handler: @escaping SynchronousHandler) -> Route {
        added {
            Registration(
                method: $0, path: path,
                eventually: { request, context in .ready(try handler(request, context)) })
        }
    }

    /// What the compiler says of a result that cannot be sent: an error, since the call can throw and has no `try`, and why.
    ///
    /// Deprecated, not unavailable: the compiler would rather throw the result away, and take the handler for one that gives nothing.
    /// Whether a call throws is looked at only when it has been chosen. Throws always.
    @available(
        *, deprecated,
        message: "the handler's result has no schema: make it SchemaRepresentable or ResponseConvertible"
    )
    @_disfavoredOverload
    @discardableResult
    public mutating func callAsFunction<each Part: Input, Output>(
        _ path: String, _ input: repeat each Part,
        handler: @escaping @Sendable @concurrent (repeat (each Part).Value) async throws -> Output
    ) throws -> Route {
        throw RegistrationError(
            route: "\(method.rawValue) \(path)",
            reason:
                "its handler gives \(Output.self), which has no schema: make it SchemaRepresentable or ResponseConvertible"
        )
    }
}
