public import CraneSchema
public import HTTPTypes

// Two methods for each verb: a value that describes itself is sent as JSON, an `Answer` answers for itself.
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
    ///   - status: that of the answer; 200, or what an `Answer` says of itself.
    ///   - name: `read_comment`; operation id and summary are made of it, or of method and path.
    ///   - dependencies: inputs that come first and whose values nobody takes.
    ///   - responses: what OpenAPI says of other answers.
    ///   - documented: whether OpenAPI has the route at all.
    @inlinable
    public mutating func on<each Part: Input, Output: Describable>(
        _ method: HTTPRequest.Method, _ path: String, _ input: repeat each Part,
        returning: Output.Type = Output.self, status: HTTPResponse.Status? = nil, name: String? = nil,
        operationID: String? = nil, summary: String? = nil, description: String? = nil,
        tags: [String] = [], dependencies: [any Input] = [],
        responses: [HTTPResponse.Status: ResponseDescription] = [:], deprecated: Bool = false,
        documented: Bool = true,
        _ handler: @escaping @Sendable @concurrent (repeat (each Part).Value) async throws -> Output
    ) {
        let operation = Operation(
            status: status, name: name, id: operationID, summary: summary, description: description,
            tags: tags, dependencies: dependencies, responses: responses, deprecated: deprecated,
            documented: documented)
        add(Registration(method, path, operation, repeat each input, handler: handler))
    }

    /// Registers a route whose handler makes the response itself, or gives back an `Answer`.
    @inlinable
    public mutating func on<each Part: Input, Output: Answer>(
        _ method: HTTPRequest.Method, _ path: String, _ input: repeat each Part,
        returning: Output.Type = Output.self, status: HTTPResponse.Status? = nil, name: String? = nil,
        operationID: String? = nil, summary: String? = nil, description: String? = nil,
        tags: [String] = [], dependencies: [any Input] = [],
        responses: [HTTPResponse.Status: ResponseDescription] = [:], deprecated: Bool = false,
        documented: Bool = true,
        _ handler: @escaping @Sendable @concurrent (repeat (each Part).Value) async throws -> Output
    ) {
        let operation = Operation(
            status: status, name: name, id: operationID, summary: summary, description: description,
            tags: tags, dependencies: dependencies, responses: responses, deprecated: deprecated,
            documented: documented)
        add(Registration(method, path, operation, repeat each input, answer: handler))
    }

    /// Registers a route for `GET`, and with it for `HEAD`; see `on`.
    @inlinable
    public mutating func get<each Part: Input, Output: Describable>(
        _ path: String, _ input: repeat each Part,
        returning: Output.Type = Output.self, status: HTTPResponse.Status? = nil, name: String? = nil,
        operationID: String? = nil, summary: String? = nil, description: String? = nil,
        tags: [String] = [], dependencies: [any Input] = [],
        responses: [HTTPResponse.Status: ResponseDescription] = [:], deprecated: Bool = false,
        documented: Bool = true,
        _ handler: @escaping @Sendable @concurrent (repeat (each Part).Value) async throws -> Output
    ) {
        let operation = Operation(
            status: status, name: name, id: operationID, summary: summary, description: description,
            tags: tags, dependencies: dependencies, responses: responses, deprecated: deprecated,
            documented: documented)
        add(Registration(.get, path, operation, repeat each input, handler: handler))
    }

    /// Registers a route for `GET`, and with it for `HEAD`; see `on`.
    @inlinable
    public mutating func get<each Part: Input, Output: Answer>(
        _ path: String, _ input: repeat each Part,
        returning: Output.Type = Output.self, status: HTTPResponse.Status? = nil, name: String? = nil,
        operationID: String? = nil, summary: String? = nil, description: String? = nil,
        tags: [String] = [], dependencies: [any Input] = [],
        responses: [HTTPResponse.Status: ResponseDescription] = [:], deprecated: Bool = false,
        documented: Bool = true,
        _ handler: @escaping @Sendable @concurrent (repeat (each Part).Value) async throws -> Output
    ) {
        let operation = Operation(
            status: status, name: name, id: operationID, summary: summary, description: description,
            tags: tags, dependencies: dependencies, responses: responses, deprecated: deprecated,
            documented: documented)
        add(Registration(.get, path, operation, repeat each input, answer: handler))
    }

    /// Registers a route for `POST`; see `on`.
    @inlinable
    public mutating func post<each Part: Input, Output: Describable>(
        _ path: String, _ input: repeat each Part,
        returning: Output.Type = Output.self, status: HTTPResponse.Status? = nil, name: String? = nil,
        operationID: String? = nil, summary: String? = nil, description: String? = nil,
        tags: [String] = [], dependencies: [any Input] = [],
        responses: [HTTPResponse.Status: ResponseDescription] = [:], deprecated: Bool = false,
        documented: Bool = true,
        _ handler: @escaping @Sendable @concurrent (repeat (each Part).Value) async throws -> Output
    ) {
        let operation = Operation(
            status: status, name: name, id: operationID, summary: summary, description: description,
            tags: tags, dependencies: dependencies, responses: responses, deprecated: deprecated,
            documented: documented)
        add(Registration(.post, path, operation, repeat each input, handler: handler))
    }

    /// Registers a route for `POST`; see `on`.
    @inlinable
    public mutating func post<each Part: Input, Output: Answer>(
        _ path: String, _ input: repeat each Part,
        returning: Output.Type = Output.self, status: HTTPResponse.Status? = nil, name: String? = nil,
        operationID: String? = nil, summary: String? = nil, description: String? = nil,
        tags: [String] = [], dependencies: [any Input] = [],
        responses: [HTTPResponse.Status: ResponseDescription] = [:], deprecated: Bool = false,
        documented: Bool = true,
        _ handler: @escaping @Sendable @concurrent (repeat (each Part).Value) async throws -> Output
    ) {
        let operation = Operation(
            status: status, name: name, id: operationID, summary: summary, description: description,
            tags: tags, dependencies: dependencies, responses: responses, deprecated: deprecated,
            documented: documented)
        add(Registration(.post, path, operation, repeat each input, answer: handler))
    }

    /// Registers a route for `PUT`; see `on`.
    @inlinable
    public mutating func put<each Part: Input, Output: Describable>(
        _ path: String, _ input: repeat each Part,
        returning: Output.Type = Output.self, status: HTTPResponse.Status? = nil, name: String? = nil,
        operationID: String? = nil, summary: String? = nil, description: String? = nil,
        tags: [String] = [], dependencies: [any Input] = [],
        responses: [HTTPResponse.Status: ResponseDescription] = [:], deprecated: Bool = false,
        documented: Bool = true,
        _ handler: @escaping @Sendable @concurrent (repeat (each Part).Value) async throws -> Output
    ) {
        let operation = Operation(
            status: status, name: name, id: operationID, summary: summary, description: description,
            tags: tags, dependencies: dependencies, responses: responses, deprecated: deprecated,
            documented: documented)
        add(Registration(.put, path, operation, repeat each input, handler: handler))
    }

    /// Registers a route for `PUT`; see `on`.
    @inlinable
    public mutating func put<each Part: Input, Output: Answer>(
        _ path: String, _ input: repeat each Part,
        returning: Output.Type = Output.self, status: HTTPResponse.Status? = nil, name: String? = nil,
        operationID: String? = nil, summary: String? = nil, description: String? = nil,
        tags: [String] = [], dependencies: [any Input] = [],
        responses: [HTTPResponse.Status: ResponseDescription] = [:], deprecated: Bool = false,
        documented: Bool = true,
        _ handler: @escaping @Sendable @concurrent (repeat (each Part).Value) async throws -> Output
    ) {
        let operation = Operation(
            status: status, name: name, id: operationID, summary: summary, description: description,
            tags: tags, dependencies: dependencies, responses: responses, deprecated: deprecated,
            documented: documented)
        add(Registration(.put, path, operation, repeat each input, answer: handler))
    }

    /// Registers a route for `PATCH`; see `on`.
    @inlinable
    public mutating func patch<each Part: Input, Output: Describable>(
        _ path: String, _ input: repeat each Part,
        returning: Output.Type = Output.self, status: HTTPResponse.Status? = nil, name: String? = nil,
        operationID: String? = nil, summary: String? = nil, description: String? = nil,
        tags: [String] = [], dependencies: [any Input] = [],
        responses: [HTTPResponse.Status: ResponseDescription] = [:], deprecated: Bool = false,
        documented: Bool = true,
        _ handler: @escaping @Sendable @concurrent (repeat (each Part).Value) async throws -> Output
    ) {
        let operation = Operation(
            status: status, name: name, id: operationID, summary: summary, description: description,
            tags: tags, dependencies: dependencies, responses: responses, deprecated: deprecated,
            documented: documented)
        add(Registration(.patch, path, operation, repeat each input, handler: handler))
    }

    /// Registers a route for `PATCH`; see `on`.
    @inlinable
    public mutating func patch<each Part: Input, Output: Answer>(
        _ path: String, _ input: repeat each Part,
        returning: Output.Type = Output.self, status: HTTPResponse.Status? = nil, name: String? = nil,
        operationID: String? = nil, summary: String? = nil, description: String? = nil,
        tags: [String] = [], dependencies: [any Input] = [],
        responses: [HTTPResponse.Status: ResponseDescription] = [:], deprecated: Bool = false,
        documented: Bool = true,
        _ handler: @escaping @Sendable @concurrent (repeat (each Part).Value) async throws -> Output
    ) {
        let operation = Operation(
            status: status, name: name, id: operationID, summary: summary, description: description,
            tags: tags, dependencies: dependencies, responses: responses, deprecated: deprecated,
            documented: documented)
        add(Registration(.patch, path, operation, repeat each input, answer: handler))
    }

    /// Registers a route for `DELETE`; see `on`.
    @inlinable
    public mutating func delete<each Part: Input, Output: Describable>(
        _ path: String, _ input: repeat each Part,
        returning: Output.Type = Output.self, status: HTTPResponse.Status? = nil, name: String? = nil,
        operationID: String? = nil, summary: String? = nil, description: String? = nil,
        tags: [String] = [], dependencies: [any Input] = [],
        responses: [HTTPResponse.Status: ResponseDescription] = [:], deprecated: Bool = false,
        documented: Bool = true,
        _ handler: @escaping @Sendable @concurrent (repeat (each Part).Value) async throws -> Output
    ) {
        let operation = Operation(
            status: status, name: name, id: operationID, summary: summary, description: description,
            tags: tags, dependencies: dependencies, responses: responses, deprecated: deprecated,
            documented: documented)
        add(Registration(.delete, path, operation, repeat each input, handler: handler))
    }

    /// Registers a route for `DELETE`; see `on`.
    @inlinable
    public mutating func delete<each Part: Input, Output: Answer>(
        _ path: String, _ input: repeat each Part,
        returning: Output.Type = Output.self, status: HTTPResponse.Status? = nil, name: String? = nil,
        operationID: String? = nil, summary: String? = nil, description: String? = nil,
        tags: [String] = [], dependencies: [any Input] = [],
        responses: [HTTPResponse.Status: ResponseDescription] = [:], deprecated: Bool = false,
        documented: Bool = true,
        _ handler: @escaping @Sendable @concurrent (repeat (each Part).Value) async throws -> Output
    ) {
        let operation = Operation(
            status: status, name: name, id: operationID, summary: summary, description: description,
            tags: tags, dependencies: dependencies, responses: responses, deprecated: deprecated,
            documented: documented)
        add(Registration(.delete, path, operation, repeat each input, answer: handler))
    }
}
