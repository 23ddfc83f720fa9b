import Crane
import CraneTesting
import Testing

@Suite("Rates by a name that the request gives")
struct NamedRateTests {
    @Test("count each name alone, and those without one by their address")
    func names() async throws {
        var app = App()
        app.get("/") { [1] }.middleware(
            RateLimit(2, per: .seconds(3600)) { request, _ in request.headers["X-API-Key"] })
        let client = TestClient(app)
        func statuses(_ headers: HTTPFields) async throws -> [Int] {
            var statuses: [Int] = []
            for _ in 0..<3 { statuses.append(try await client.get("/", headers: headers).status.code) }
            return statuses
        }
        let key = try #require(HTTPField.Name("X-API-Key"))
        #expect(try await statuses([key: "a"]) == [200, 200, 429])
        #expect(try await statuses([key: "b"]) == [200, 200, 429])
        #expect(try await statuses([:]) == [200, 200, 429])
        let left = try await client.get("/", headers: [key: "c"]).headers[
            try #require(HTTPField.Name("RateLimit"))]
        #expect(left?.hasPrefix("\"default\";r=1;") == true)
    }
}
