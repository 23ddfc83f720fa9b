import HTTPTypes

/// A route of a built application.
///
/// A class, so that a request holds it by one reference.
final class Route: Sendable {
    let method: HTTPRequest.Method
    /// `nil` for the one that stands in when no other matches.
    let pattern: RoutePattern?
    let handler: Handler
    let plan: RoutePlan

    init(
        method: HTTPRequest.Method, pattern: RoutePattern?, handler: @escaping Handler,
        plan: RoutePlan = RoutePlan()
    ) {
        self.method = method
        self.pattern = pattern
        self.handler = handler
        self.plan = plan
    }

    /// What requests take that match no route.
    static let unmatched = Route(method: .get, pattern: nil) { request, context in
        context.app.router.answerWithoutRoute(request, context)
    }
}
