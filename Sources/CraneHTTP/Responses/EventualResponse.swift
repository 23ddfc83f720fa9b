/// A response that is ready, or that has to be waited for.
public enum EventualResponse: Sendable {
    case ready(Response)
    /// The work that makes it: runs in a task on the loop of the request's connection, which is cancelled when the client goes.
    case pending(@Sendable () async throws -> Response)

    /// The response, waited for where it has to be.
    public var response: Response {
        get async throws {
            switch self {
            case .ready(let response): response
            case .pending(let work): try await work()
            }
        }
    }
}
