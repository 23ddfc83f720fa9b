public import HTTPTypes

/// What an application was told of one route, before it is checked.
public struct Registration: Sendable {
    let method: HTTPRequest.Method
    var path: String
    var handler: Handler
    /// What the route takes and answers; `nil` for one that reads the request itself.
    var operation: Operation?

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

    /// Checks the inputs and lays down how they are read; throws what is wrong with them.
    func plan(
        for pattern: RoutePattern, overrides: [ObjectIdentifier: any AnyDependency]
    ) throws(RegistrationError) -> RoutePlan {
        guard let operation else { return RoutePlan() }
        let description = OperationDescription(operation.inputs, overrides: overrides)
        func mistake(_ reason: String) -> RegistrationError {
            RegistrationError(route: "\(method) \(path)", reason: reason)
        }
        if description.bodies.count > 1 { throw mistake("two of its inputs take the body; a request has one") }
        let named = pattern.parameters.map(\.name)
        let taken = description.parameters.filter { $0.notes.place == .path }.map(\.notes.name)
        for name in taken where !named.contains(name) {
            throw mistake("Path(\"\(name)\") has no {\(name)} in the path")
        }
        if !description.takesAnyPath {
            for name in named where !taken.contains(name) {
                throw mistake("no Path(\"\(name)\") takes {\(name)}")
            }
        }
        return RoutePlan(description, overrides: overrides)
    }
}
