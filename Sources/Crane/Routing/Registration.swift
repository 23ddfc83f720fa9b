public import HTTPTypes

/// What an application was told of one route, before it is checked.
public struct Registration: Sendable {
    let method: HTTPRequest.Method
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

    @usableFromInline
    init(_ method: HTTPRequest.Method, _ path: String, _ operation: Operation, handler: @escaping Handler) {
        self.init(method: method, path: path, handler: handler)
        self.operation = operation
    }
}
