import HTTPTypes

/// A route of a built application: the method and what answers it.
struct Route: Sendable {
    let method: HTTPRequest.Method
    let endpoint: Endpoint
}
