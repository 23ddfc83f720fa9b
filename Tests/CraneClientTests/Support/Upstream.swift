import Crane
import CraneClient
import CraneTesting
import Testing

/// Runs `body` beside a server of `app` on 127.0.0.1, with the beginning of its URLs.
func withUpstream<Value>(
    _ app: App, _ body: (String) async throws -> Value
) async throws -> Value {
    let transport = try LiveTransport(app.build())
    let result: Result<Value, any Error>
    do {
        result = .success(try await body("http://127.0.0.1:\(transport.port)"))
    } catch {
        result = .failure(error)
    }
    try await transport.close()
    return try result.get()
}

/// A client that may connect to this machine.
func localClient(
    _ change: (inout HTTPClientConfiguration) -> Void = { _ in }
) throws -> HTTPClient {
    var configuration = HTTPClientConfiguration()
    configuration.addresses = try AllowedAddresses(publicAnd: ["127.0.0.0/8"])
    change(&configuration)
    return HTTPClient(configuration)
}

/// What kind of error `body` throws.
func code(
    _ body: () async throws -> ClientResponse, sourceLocation: SourceLocation = #_sourceLocation
) async -> HTTPClientError.Code? {
    do {
        let response = try await body()
        Issue.record("answered \(response.status)", sourceLocation: sourceLocation)
        return nil
    } catch let error as HTTPClientError {
        return error.code
    } catch {
        Issue.record("threw \(error)", sourceLocation: sourceLocation)
        return nil
    }
}
