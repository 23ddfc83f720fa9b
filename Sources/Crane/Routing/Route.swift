import HTTPTypes

/// A route of a built application.
///
/// A class, so that a request holds it by one reference.
final class Route: Sendable {
    let method: HTTPRequest.Method
    let pattern: RoutePattern
    let handler: Handler

    init(method: HTTPRequest.Method, pattern: RoutePattern, handler: @escaping Handler) {
        self.method = method
        self.pattern = pattern
        self.handler = handler
    }
}
