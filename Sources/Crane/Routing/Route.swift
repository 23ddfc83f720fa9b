import HTTPTypes

/// One registration: a method, a path and what answers.
struct Route: Sendable {
    let method: HTTPRequest.Method
    let path: String
    let handler: Handler
}
