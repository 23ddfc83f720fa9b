import Crane
import CraneClient
import CraneTesting
import HTTPTypes
import Testing

@Suite("A trace at other servers")
struct TracePassingTests {
    private static let trace = "0af7651916cd43dd8448eb211c80319c"

    private func told(_ middleware: [any Middleware]) async throws -> String {
        var app = App()
        app.middleware = middleware
        app.http = HTTPClient(mock: { request in
            .text("\(request.headers[.traceparent] ?? "-") \(request.headers[.tracestate] ?? "-")")
        })
        app.get("/", ContextInput()) { context in
            PlainText(try await context.http.get("https://api.example/").text)
        }
        let headers: HTTPFields = [
            .traceparent: "00-\(Self.trace)-b7ad6b7169203331-01", .tracestate: "vendor=1",
        ]
        return try await TestClient(app).get("/", headers: headers).text
    }

    @Test("goes on under a new span where the request belongs to one, and nowhere else")
    func passing() async throws {
        let told = try await told([Tracing()])
        #expect(told.hasPrefix("00-\(Self.trace)-") && told.hasSuffix("-01 vendor=1"))
        #expect(!told.contains("b7ad6b7169203331"))
        #expect(try await self.told([]) == "- -")
    }
}
