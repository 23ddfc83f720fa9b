import HTTPTypes

/// What an application was told of one route, before it is checked.
struct Registration: Sendable {
    let method: HTTPRequest.Method
    let path: String
    let handler: Handler
}
