public import Crane

private enum HTTPClientKey: ContextKey {
    static let defaultValue = HTTPClient.shared
}

extension App {
    /// The client that handlers use: one of your own configuration, or a mock in a test.
    public var http: HTTPClient {
        get { self[HTTPClientKey.self] }
        set { self[HTTPClientKey.self] = newValue }
    }
}

extension Context {
    /// The application's client of other servers; where the request belongs to a trace, one that passes that on.
    public var http: HTTPClient {
        let client = self[HTTPClientKey.self]
        return trace.map { client.tracing($0) } ?? client
    }
}

extension BackgroundContext {
    /// The application's client of other servers.
    public var http: HTTPClient { self[HTTPClientKey.self] }
}
