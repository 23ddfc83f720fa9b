public import HTTPTypes

/// What an application was told of one route, before it is checked.
public struct Registration: Sendable {
    let method: HTTPRequest.Method
    /// Whether it answers the handshakes of WebSockets, which no other route does.
    private(set) var isHandshake = false
    var path: String
    var handler: Handler
    /// What the route takes and answers; `nil` for one that reads the request itself.
    var operation: Operation?
    /// The dependencies of the routers and the application around it, the outermost first.
    var dependencies: [any Input] = []

    init(method: HTTPRequest.Method, path: String, handler: @escaping Handler) {
        self.method = method
        self.path = path
        self.handler = handler
    }

    /// A route of WebSockets; without `operation` its handler reads the request itself.
    @usableFromInline
    init(handshake path: String, _ operation: Operation? = nil, handler: @escaping Handler) {
        self.init(method: .get, path: path, handler: handler)
        self.operation = operation
        isHandshake = true
    }

    /// The route as mistakes name it.
    var name: String { "\(isHandshake ? "WebSocket" : method.rawValue) \(path)" }

    @usableFromInline
    init(_ method: HTTPRequest.Method, _ path: String, _ operation: Operation, handler: @escaping Handler) {
        self.init(method: method, path: path, handler: handler)
        self.operation = operation
    }
}
