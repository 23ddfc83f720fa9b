import HTTPTypes

/// Where the requests of endpoints are counted, for applications that have metrics: each endpoint has a few cells of a table of its own,
/// and knows the first by its number.
enum EndpointCells {
    /// The methods that are told apart where an endpoint takes any; the last stands for the rest.
    static let methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "other"]
    /// What a route has: a cell for its method, and one for `HEAD`, which `GET` answers.
    static let ofRoute = 2
    /// What an endpoint has that takes any method.
    static var ofAnyMethod: Int { methods.count }
    /// The first cell behind those of requests that match no route.
    static var first: Int { ofAnyMethod }

    static func place(of method: HTTPRequest.Method) -> Int {
        methods.firstIndex(of: method.rawValue) ?? methods.count - 1
    }
}
