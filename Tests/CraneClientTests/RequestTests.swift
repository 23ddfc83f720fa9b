import Crane
import CraneClient
import CraneTesting
import Synchronization
import TestSupport
import Testing

struct Forecast: SchemaRepresentable, Equatable {
    let city: String
    let degrees: Int
    static let schema = Object(Forecast.init) {
        Field("city", \.city)
        Field("degrees", \.degrees)
    }
}

/// Tells what it was sent.
private func echo() -> App {
    var app = App()
    for method in [HTTPRequest.Method.get, .post, .put, .patch, .delete, .head] {
        app[method]("/echo") { request, context in
            let body = try await request.body.collect(upTo: 1 << 20)
            return .json([
                "method": .string(request.method.rawValue), "query": .string(request.query ?? ""),
                "type": .string(request.headers[.contentType] ?? "none"),
                "length": .string(request.headers[.contentLength] ?? "none"),
                "agent": .string(request.headers[.userAgent] ?? "none"),
                "own": .string(request.headers["X-Own"] ?? "none"),
                "expect": .string(request.headers[.expect] ?? "none"),
                "body": .string(String(decoding: body, as: UTF8.self)),
                "port": .integer(Int(request.peer.port)),
            ])
        }
    }
    app.get("/forecast", Query("city", String.self)) { city in Forecast(city: city, degrees: 27) }
    app.get("/missing") { request, context in .text("nothing here", status: .notFound) }
    return app
}

@Suite("Requests to other servers", .timeLimit(.minutes(5)))
struct RequestTests {
    @Test("every method, with its body and what it says of it")
    func methods() async throws {
        try await withUpstream(echo()) { base in
            let http = try localClient()
            let got = try await http.get(base + "/echo", query: ["a b": "ü&=", "c": ""]).json()
            #expect(got["method"] == "GET" && got["query"] == "a%20b=%C3%BC%26%3D&c=")
            #expect(got["type"] == "none" && got["length"] == "none" && got["agent"] == "Crane")
            for (name, response) in [
                ("POST", try await http.post(base + "/echo", .json(["a": 1]))),
                ("PUT", try await http.put(base + "/echo", .json(["a": 1]))),
                ("PATCH", try await http.patch(base + "/echo", .json(["a": 1]))),
            ] {
                let sent = try response.json()
                #expect(sent["method"] == .string(name) && sent["body"] == #"{"a":1}"#)
                #expect(sent["type"] == "application/json" && sent["length"] == "7")
                #expect(sent["expect"] == "none")
            }
            #expect(try await http.delete(base + "/echo").json()["method"] == "DELETE")
            let head = try await http.head(base + "/echo")
            #expect(head.status == .ok && head.body.isEmpty)
            let empty = try await http.post(base + "/echo").json()
            #expect(empty["method"] == "POST" && empty["length"] == "0" && empty["type"] == "none")
            let form = try await http.post(base + "/echo", .form(["a": "b c", "d": "&"])).json()
            #expect(form["body"] == "a=b+c&d=%26" && form["type"] == "application/x-www-form-urlencoded")
            let headers: HTTPFields = [.contentType: "text/odd", HTTPField.Name("X-Own") ?? .accept: "mine"]
            let own = try await http.post(base + "/echo", .text("x"), headers: headers).json()
            #expect(own["type"] == "text/odd" && own["own"] == "mine" && own["body"] == "x")
        }
    }

    @Test("a long body goes without asking first")
    func longBody() async throws {
        try await withUpstream(echo()) { base in
            let text = String(repeating: "x", count: 1 << 20)
            let sent = try await localClient { $0.maximumResponseSize = 4 << 20 }
                .post(base + "/echo", .text(text)).json()
            #expect(sent["expect"] == "none" && sent["length"] == "1048576")
        }
    }

    @Test("a response is a status, fields and a body, which is read by its schema")
    func responses() async throws {
        try await withUpstream(echo()) { base in
            let http = try localClient()
            let response = try await http.get(base + "/forecast", query: ["city": "Kampala"])
            #expect(response.status == .ok && response.headers[.contentType] == "application/json")
            #expect(response.url == base + "/forecast?city=Kampala")
            #expect(
                try response.requireSuccess().decoded(as: Forecast.self)
                    == .init(city: "Kampala", degrees: 27))
            let missing = try await http.get(base + "/missing?token=secret")
            #expect(missing.status == .notFound && missing.text == "nothing here")
            #expect(throws: HTTPClientError.self) { try missing.json() }
            do {
                try missing.requireSuccess()
                Issue.record("took a 404 for a success")
            } catch let error as HTTPClientError {
                #expect(error.code == .unexpectedStatus)
                #expect("\(error)" == "\(base): 404 (unexpectedStatus)")
            }
            await #expect(
                code {
                    try response.requireSuccess()
                    _ = try response.decoded(as: Int.self)
                    return response
                } == .unexpectedResponse)
        }
    }

    @Test("a connection is used again, and as many are open as may be")
    func connections() async throws {
        let peak = Mutex((now: 0, most: 0))
        var app = App()
        app.get("/", ContextInput()) { context in
            peak.withLock { peak in
                peak.now += 1
                peak.most = max(peak.most, peak.now)
            }
            try await context.sleep(for: .milliseconds(2))
            peak.withLock { $0.now -= 1 }
            return Int(context.client.port)
        }
        try await withUpstream(app) { base in
            let http = try localClient { $0.maximumConnectionsPerHost = 3 }
            let first = try await http.get(base).text
            #expect(try await http.get(base).text == first)
            let ports = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<60 { group.addTask { try await http.get(base).text } }
                var ports: Set<String> = []
                for try await port in group { ports.insert(port) }
                return ports
            }
            #expect(ports.count <= 3)
            #expect(peak.withLock { $0.most } <= 3)
        }
    }

    @Test("more requests than may wait are refused at once")
    func tooMany() async throws {
        let gate = Gate()
        let upstream = try RawUpstream { connection in
            connection.readHead()
            gate.pass()
            connection.send("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
        }
        let http = try localClient {
            $0.maximumRequests = 4
            $0.maximumConnectionsPerHost = 2
        }
        try await withThrowingTaskGroup(of: Int?.self) { group in
            for _ in 0..<10 {
                group.addTask {
                    do {
                        return try await http.get(upstream.url()).status.code
                    } catch let error as HTTPClientError where error.code == .tooManyRequests {
                        return nil
                    }
                }
            }
            var refused = 0
            while refused < 6, let status = try await group.next() { if status == nil { refused += 1 } }
            #expect(refused == 6)
            gate.open()
            for try await status in group { #expect(status == 204) }
        }
    }

    @Test(
        "what is no URL of HTTP is refused before anything is sent",
        arguments: [
            "", "example.org", "ftp://127.0.0.1/", "file:///etc/passwd", "http:/x", "http://", "http://a b/",
            "http://127.0.0.1/\u{0}x", "http://127.0.0.1/\r\nX: y", "gopher://127.0.0.1/", "javascript:x",
            "http://127.0.0.1:99999/", "http://[::1",
        ])
    func badURLs(url: String) async throws {
        let http = try localClient()
        await #expect(code { try await http.get(url) } == .invalidURL)
    }

    @Test("fields that the client writes itself are refused, and none ends a line")
    func fields() async throws {
        try await withUpstream(echo()) { base in
            let http = try localClient()
            for name: HTTPField.Name in [.contentLength, .transferEncoding, .connection, .expect] {
                await #expect(code { try await http.post(base, headers: [name: "1"]) } == .invalidRequest)
            }
            let own = try #require(HTTPField.Name("X-Own"))
            let sent = try await http.get(base + "/echo", headers: [own: "a\r\nX-Other: b"]).json()
            #expect(sent["own"] == "a  X-Other: b")
            #expect(try await http.get(base + "/echo", headers: [own: ""]).json()["own"] == "")
        }
    }

    @Test("a mock answers by method and URL, keeps what it was asked, and says what it lacks")
    func mock() async throws {
        let upstream = MockUpstream()
        upstream.on(.get, "https://api.example/forecast") { request in
            .json(["city": "Kampala", "degrees": request.url.hasSuffix("?unit=f") ? 81 : 27])
        }
        upstream.on(.post, "https://api.example/forecast") { _ in throw CancellationError() }
        var app = App()
        app.get("/", ContextInput()) { context in
            try await context.http.get("https://api.example/forecast").decoded(as: Forecast.self)
        }
        app.get("/other", ContextInput()) { context in
            try await context.http.get("https://other.example/?key=secret").text
        }
        app.http = upstream.client
        let client = TestClient(app)
        #expect(try await client.get("/").json() == ["city": "Kampala", "degrees": 27])
        #expect(try await client.get("/other").status == .badGateway)
        #expect(
            upstream.requests.map(\.url) == [
                "https://api.example/forecast", "https://other.example/?key=secret",
            ])
        let degrees = try await app.http.get("https://api.example/forecast", query: ["unit": "f"])
            .decoded(as: Forecast.self).degrees
        #expect(degrees == 81)
        await #expect(throws: CancellationError.self) {
            try await app.http.post("https://api.example/forecast")
        }
    }
}
