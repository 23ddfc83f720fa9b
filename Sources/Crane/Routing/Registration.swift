import CraneHTTP
public import HTTPTypes

/// What an application was told of one route, before it is checked.
@usableFromInline
struct Registration: Sendable {
    /// Makes what answers of the status that the route was given in the end, if any.
    @usableFromInline typealias MakeHandler = @Sendable (HTTPResponse.Status?) -> EventualHandler

    let method: HTTPRequest.Method
    /// Whether it answers the handshakes of WebSockets, which no other route does.
    private(set) var isHandshake = false
    private(set) var path: String
    let makeHandler: MakeHandler
    /// What the handler takes; `nil` for one that reads the request itself.
    private(set) var inputs: [any Input]?
    /// What OpenAPI says of it; `nil` for what it cannot have: WebSockets, and handlers that read the request themselves.
    var operation: Operation?
    /// The dependencies of the application, the routers around it and the route itself, the outermost first.
    var dependencies: [any Input] = []
    /// The middleware of the routers around it and of the route itself, the outermost first.
    var middleware: [any Middleware] = []
    /// The handlers of errors of the routers around it, the innermost first.
    var errorHandlers: [ErrorHandlers] = []
    /// What is wrong with what was said of it.
    var mistake: String?

    /// A route whose handler reads the request itself, and may wait.
    init(method: HTTPRequest.Method, path: String, handler: @escaping Handler) {
        self.init(
            method: method, path: path,
            eventually: { request, context in .pending { try await handler(request, context) } })
    }

    /// A route whose handler reads the request itself.
    init(method: HTTPRequest.Method, path: String, eventually handler: @escaping EventualHandler) {
        self.method = method
        self.path = path
        makeHandler = { _ in handler }
    }

    /// A route of WebSockets; without `inputs` its handler reads the request itself.
    @usableFromInline
    init(handshake path: String, _ inputs: [any Input]? = nil, handler: @escaping Handler) {
        self.init(method: .get, path: path, handler: handler)
        self.inputs = inputs
        isHandshake = true
    }

    /// A route that OpenAPI can have.
    @usableFromInline
    init(
        _ method: HTTPRequest.Method, _ path: String, _ inputs: [any Input], _ output: Operation.Output,
        makeHandler: @escaping MakeHandler
    ) {
        self.method = method
        self.path = path
        self.inputs = inputs
        self.makeHandler = makeHandler
        operation = Operation(output)
    }

    /// The route as mistakes name it.
    var name: String { "\(isHandshake ? "WebSocket" : method.rawValue) \(path)" }

    /// The same route further in: under a prefix, with all that its router's routes have in common before its own.
    func under(_ prefix: String, _ defaults: RouterDefaults) -> Registration {
        var copy = self
        copy.path = prefix + path
        copy.dependencies = defaults.dependencies + dependencies
        copy.middleware = defaults.middleware + middleware
        if !defaults.errorHandlers.isEmpty { copy.errorHandlers.append(defaults.errorHandlers) }
        guard var operation else { return copy }
        operation.tags = defaults.tags + operation.tags
        operation.responses.merge(defaults.responses) { own, _ in own }
        if defaults.isDeprecated { operation.isDeprecated = true }
        copy.operation = operation
        return copy
    }

    /// What answers: the route's handler, behind the dependencies where it takes no inputs itself, and inside its middleware.
    func handler() -> EventualHandler {
        let innermost = guarded(makeHandler(operation?.status))
        if middleware.isEmpty { return innermost }
        let chain = Link.chain(middleware, around: innermost)
        return { request, context in chain.respond(request, context) }
    }

    private func guarded(_ handler: @escaping EventualHandler) -> EventualHandler {
        guard inputs == nil, !dependencies.isEmpty else { return handler }
        return { request, context in
            .pending {
                var inputs = Inputs(request, context)
                try await inputs.prepare()
                try inputs.check()
                return try await handler(request, context).response
            }
        }
    }
}

extension Registration {
    @inlinable
    static func list<each Part: Input>(_ input: repeat each Part) -> [any Input] {
        var all: [any Input] = []
        for input in repeat each input { all.append(input) }
        return all
    }
}
