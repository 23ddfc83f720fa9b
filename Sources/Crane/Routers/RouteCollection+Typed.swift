public import HTTPTypes
public import Schema

// One pair of methods for each verb: a value that describes itself is sent as JSON, an `Answer` answers for itself.
extension RouteCollection {
    /// Registers a route whose inputs are read, checked and documented by themselves.
    ///
    /// ```swift
    /// app.get("/comments/{comment_id}", Path("comment_id", Int.self), service) { id, service in
    ///     try await service.read(id)
    /// }
    /// ```
    /// The handler takes the inputs' values in their order and runs on the loop of the request's connection. When inputs are
    /// at fault it is not called: the answer is 422 with every issue.
    /// - Parameters:
    ///   - returning: what the handler gives back, for closures that do not say it.
    ///   - name: `read_comment`; operation id and summary are made of it, or of method and path.
    @inlinable
    public mutating func on<each Part: Input, Output: Describable>(
        _ method: HTTPRequest.Method, _ path: String, _ input: repeat each Part,
        returning: Output.Type = Output.self,
        status: HTTPResponse.Status? = nil, name: String? = nil, summary: String? = nil,
        description: String? = nil, tags: [String] = [],
        _ handler: @escaping @Sendable @concurrent (repeat (each Part).Value) async throws -> Output
    ) {
        let operation = Operation(
            status: status, name: name, summary: summary, description: description, tags: tags)
        add(Registration(method, path, operation, repeat each input, handler: handler))
    }

    /// Registers a route whose handler makes the response itself.
    @inlinable
    public mutating func on<each Part: Input, Output: Answer>(
        _ method: HTTPRequest.Method, _ path: String, _ input: repeat each Part,
        returning: Output.Type = Output.self,
        status: HTTPResponse.Status? = nil, name: String? = nil, summary: String? = nil,
        description: String? = nil, tags: [String] = [],
        _ handler: @escaping @Sendable @concurrent (repeat (each Part).Value) async throws -> Output
    ) {
        let operation = Operation(
            status: status, name: name, summary: summary, description: description, tags: tags)
        add(Registration(method, path, operation, repeat each input, answer: handler))
    }

    /// Registers a route that answers `GET`; see `on`.
    @inlinable
    public mutating func get<each Part: Input, Output: Describable>(
        _ path: String, _ input: repeat each Part, returning: Output.Type = Output.self,
        status: HTTPResponse.Status? = nil, name: String? = nil, summary: String? = nil,
        description: String? = nil, tags: [String] = [],
        _ handler: @escaping @Sendable @concurrent (repeat (each Part).Value) async throws -> Output
    ) {
        let operation = Operation(
            status: status, name: name, summary: summary, description: description, tags: tags)
        add(Registration(.get, path, operation, repeat each input, handler: handler))
    }

    /// Registers a route that answers `GET`; see `on`.
    @inlinable
    public mutating func get<each Part: Input, Output: Answer>(
        _ path: String, _ input: repeat each Part, returning: Output.Type = Output.self,
        status: HTTPResponse.Status? = nil, name: String? = nil, summary: String? = nil,
        description: String? = nil, tags: [String] = [],
        _ handler: @escaping @Sendable @concurrent (repeat (each Part).Value) async throws -> Output
    ) {
        let operation = Operation(
            status: status, name: name, summary: summary, description: description, tags: tags)
        add(Registration(.get, path, operation, repeat each input, answer: handler))
    }

    /// Registers a route that answers `POST`; see `on`.
    @inlinable
    public mutating func post<each Part: Input, Output: Describable>(
        _ path: String, _ input: repeat each Part, returning: Output.Type = Output.self,
        status: HTTPResponse.Status? = nil, name: String? = nil, summary: String? = nil,
        description: String? = nil, tags: [String] = [],
        _ handler: @escaping @Sendable @concurrent (repeat (each Part).Value) async throws -> Output
    ) {
        let operation = Operation(
            status: status, name: name, summary: summary, description: description, tags: tags)
        add(Registration(.post, path, operation, repeat each input, handler: handler))
    }

    /// Registers a route that answers `POST`; see `on`.
    @inlinable
    public mutating func post<each Part: Input, Output: Answer>(
        _ path: String, _ input: repeat each Part, returning: Output.Type = Output.self,
        status: HTTPResponse.Status? = nil, name: String? = nil, summary: String? = nil,
        description: String? = nil, tags: [String] = [],
        _ handler: @escaping @Sendable @concurrent (repeat (each Part).Value) async throws -> Output
    ) {
        let operation = Operation(
            status: status, name: name, summary: summary, description: description, tags: tags)
        add(Registration(.post, path, operation, repeat each input, answer: handler))
    }

    /// Registers a route that answers `PUT`; see `on`.
    @inlinable
    public mutating func put<each Part: Input, Output: Describable>(
        _ path: String, _ input: repeat each Part, returning: Output.Type = Output.self,
        status: HTTPResponse.Status? = nil, name: String? = nil, summary: String? = nil,
        description: String? = nil, tags: [String] = [],
        _ handler: @escaping @Sendable @concurrent (repeat (each Part).Value) async throws -> Output
    ) {
        let operation = Operation(
            status: status, name: name, summary: summary, description: description, tags: tags)
        add(Registration(.put, path, operation, repeat each input, handler: handler))
    }

    /// Registers a route that answers `PUT`; see `on`.
    @inlinable
    public mutating func put<each Part: Input, Output: Answer>(
        _ path: String, _ input: repeat each Part, returning: Output.Type = Output.self,
        status: HTTPResponse.Status? = nil, name: String? = nil, summary: String? = nil,
        description: String? = nil, tags: [String] = [],
        _ handler: @escaping @Sendable @concurrent (repeat (each Part).Value) async throws -> Output
    ) {
        let operation = Operation(
            status: status, name: name, summary: summary, description: description, tags: tags)
        add(Registration(.put, path, operation, repeat each input, answer: handler))
    }

    /// Registers a route that answers `PATCH`; see `on`.
    @inlinable
    public mutating func patch<each Part: Input, Output: Describable>(
        _ path: String, _ input: repeat each Part, returning: Output.Type = Output.self,
        status: HTTPResponse.Status? = nil, name: String? = nil, summary: String? = nil,
        description: String? = nil, tags: [String] = [],
        _ handler: @escaping @Sendable @concurrent (repeat (each Part).Value) async throws -> Output
    ) {
        let operation = Operation(
            status: status, name: name, summary: summary, description: description, tags: tags)
        add(Registration(.patch, path, operation, repeat each input, handler: handler))
    }

    /// Registers a route that answers `PATCH`; see `on`.
    @inlinable
    public mutating func patch<each Part: Input, Output: Answer>(
        _ path: String, _ input: repeat each Part, returning: Output.Type = Output.self,
        status: HTTPResponse.Status? = nil, name: String? = nil, summary: String? = nil,
        description: String? = nil, tags: [String] = [],
        _ handler: @escaping @Sendable @concurrent (repeat (each Part).Value) async throws -> Output
    ) {
        let operation = Operation(
            status: status, name: name, summary: summary, description: description, tags: tags)
        add(Registration(.patch, path, operation, repeat each input, answer: handler))
    }

    /// Registers a route that answers `DELETE`; see `on`.
    @inlinable
    public mutating func delete<each Part: Input, Output: Describable>(
        _ path: String, _ input: repeat each Part, returning: Output.Type = Output.self,
        status: HTTPResponse.Status? = nil, name: String? = nil, summary: String? = nil,
        description: String? = nil, tags: [String] = [],
        _ handler: @escaping @Sendable @concurrent (repeat (each Part).Value) async throws -> Output
    ) {
        let operation = Operation(
            status: status, name: name, summary: summary, description: description, tags: tags)
        add(Registration(.delete, path, operation, repeat each input, handler: handler))
    }

    /// Registers a route that answers `DELETE`; see `on`.
    @inlinable
    public mutating func delete<each Part: Input, Output: Answer>(
        _ path: String, _ input: repeat each Part, returning: Output.Type = Output.self,
        status: HTTPResponse.Status? = nil, name: String? = nil, summary: String? = nil,
        description: String? = nil, tags: [String] = [],
        _ handler: @escaping @Sendable @concurrent (repeat (each Part).Value) async throws -> Output
    ) {
        let operation = Operation(
            status: status, name: name, summary: summary, description: description, tags: tags)
        add(Registration(.delete, path, operation, repeat each input, answer: handler))
    }
}
