import CraneSchema
import CraneTesting
import HTTPTypes
import Logging
import Synchronization
import Testing

@testable import Crane

private struct Trouble: Error {}

/// What happened, in order.
private final class Journal: Sendable {
    private let kept = Mutex<[String]>([])

    func add(_ line: String) { kept.withLock { $0.append(line) } }
    var lines: [String] { kept.withLock { $0 } }
}

@Suite("Typed inputs of WebSockets", .timeLimit(.minutes(1)))
struct WebSocketInputTests {
    private let note = Journal()
    private static let bearer = HTTPBearer()
    private static let user = Dependency(bearer) { $0.credentials }

    private func makeApp() -> App {
        var app = App(logger: Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() })
        let note = note
        let outer = Dependency {
            "outer"
        } cleanUp: { name, error in
            note.add("\(name) cleaned, \(error.map { "\(type(of: $0))" } ?? "no error")")
        }
        let inner = Dependency(outer, Header("X-Inner", String?.self)) { name, header in
            note.add("made")
            return header ?? name
        } cleanUp: { _, _ in
            note.add("inner cleaned")
        }
        app.webSocket("/plain") { socket in try await socket.send("plain") }
        app.webSocket("/rooms/{id}", Path("id", Int.self), Query("name", String.self), inner) {
            socket, id, name, inner in
            for await case .text(let text) in socket {
                if text == "fail" { throw Trouble() }
                try await socket.send("\(id) \(name) \(inner): \(text)")
            }
            note.add("left")
        }
        app.webSocket("/me", Self.user) { socket, user in try await socket.send(user) }
        app.webSocket("/tasks", BackgroundTasksInput()) { socket, tasks in
            tasks.add { note.add("task") }
            note.add("handler")
        }
        var router = APIRouter(
            prefix: "/inside/{room}", dependencies: [Dependency { note.add("router") }])
        router.webSocket("/talk", Path("room", String.self)) { socket, room in try await socket.send(room) }
        router.webSocket("/raw") { socket, context in
            try await socket.send(context.parameters["room"] ?? "")
        }
        app.include(router, prefix: "/v1", dependencies: [Self.bearer])
        return app
    }

    private func refusal(
        _ target: String, _ headers: HTTPFields = [:], _ app: App? = nil
    ) async throws -> TestResponse? {
        await #expect(throws: WebSocketRefusal.self) {
            _ = try await TestClient(app ?? makeApp()).webSocket(target, headers: headers)
        }?.response
    }

    @Test("reach the handler beside the socket, and are cleaned up when that has ended")
    func values() async throws {
        let client = TestClient(makeApp())
        #expect(try await client.webSocket("/plain").next() == .text("plain"))
        let socket = try await client.webSocket("/rooms/7?name=ada")
        try await socket.send("hello")
        #expect(try await socket.next() == .text("7 ada outer: hello"))
        #expect(note.lines == ["made"])
        try await socket.close()
        #expect(note.lines == ["made", "left", "inner cleaned", "outer cleaned, no error"])
    }

    @Test("are cleaned up with the error that the handler threw")
    func failure() async throws {
        let socket = try await TestClient(makeApp()).webSocket("/rooms/7?name=ada")
        try await socket.send("fail")
        #expect(try await socket.next() == nil)
        #expect(socket.closeCode == .internalError)
        #expect(note.lines == ["made", "inner cleaned", "outer cleaned, Trouble"])
    }

    @Test("refuse the handshake with an empty 403 when they are at fault, and have clean-ups run")
    func faults() async throws {
        for target in ["/rooms/x?name=a", "/rooms/7", "/rooms/x"] {
            let answer = try await refusal(target)
            #expect(answer?.status == .forbidden, "\(target)")
            #expect(answer?.body.isEmpty == true)
        }
        #expect(note.lines.count == 9)
        #expect(note.lines.suffix(2) == ["inner cleaned", "outer cleaned, RequestValidationError"])
    }

    @Test("are not asked for when the handshake itself is no good")
    func handshakeFirst() async throws {
        let answer = try await refusal("/rooms/7?name=a", [.secWebSocketVersion: "8"])
        #expect(answer?.status == .badRequest)
        #expect(note.lines.isEmpty)
    }

    @Test("are security schemes too, with their own responses")
    func security() async throws {
        let answer = try await refusal("/me")
        #expect(answer?.status == .forbidden)
        #expect(answer?.text == #"{"detail":"Not authenticated"}"#)
        let socket = try await TestClient(makeApp())
            .webSocket("/me", headers: [.authorization: "Bearer ada"])
        #expect(try await socket.next() == .text("ada"))
    }

    @Test("can be overridden")
    func overrides() async throws {
        var app = makeApp()
        app.override(Self.user) { "grace" }
        #expect(try await TestClient(app).webSocket("/me").next() == .text("grace"))
    }

    @Test("come after those of the routers and the application around them")
    func routers() async throws {
        let headers: HTTPFields = [.authorization: "Bearer ada"]
        for path in ["/v1/inside/blue/talk", "/v1/inside/blue/raw"] {
            let socket = try await TestClient(makeApp()).webSocket(path, headers: headers)
            #expect(try await socket.next() == .text("blue"))
            #expect(try await refusal(path)?.status == .forbidden)
        }
        #expect(note.lines == ["router", "router"])
        var app = makeApp()
        app.dependencies = [Dependency { () -> Int in throw HTTPError(.unauthorized) }]
        #expect(try await refusal("/plain", [:], app)?.status == .unauthorized)
    }

    @Test("are background tasks too, which run when the connection has ended")
    func backgroundTasks() async throws {
        let socket = try await TestClient(makeApp()).webSocket("/tasks")
        #expect(try await socket.next() == nil)
        #expect(note.lines == ["handler", "task"])
    }

    @Test("are cleaned up over a socket as well")
    func live() async throws {
        try await TestClient.live(makeApp()) { (client) async throws in
            let socket = try await client.webSocket("/rooms/7?name=ada")
            try await socket.send("hello")
            #expect(try await socket.next() == .text("7 ada outer: hello"))
            try await socket.close()
        }
        // A server that stops waits for them.
        #expect(note.lines == ["made", "left", "inner cleaned", "outer cleaned, no error"])
    }

    @Test("are checked at registration")
    func mistakes() {
        let cases: [((inout App) -> Void, String)] = [
            (
                { $0.webSocket("/a/{id}") { _ in } },
                "WebSocket /a/{id}: no Path(\"id\") takes {id}"
            ),
            (
                { $0.webSocket("/a", Body([Int].self)) { _, _ in } },
                "WebSocket /a: one of its inputs takes the body; a handshake has none"
            ),
            (
                { app in
                    app.webSocket("/a") { _ in }
                    app.webSocket("/a") { _, _ in }
                }, "WebSocket /a: answers the same requests as WebSocket /a"
            ),
        ]
        for (register, message) in cases {
            var app = App()
            register(&app)
            let error = #expect(throws: RegistrationError.self) {
                try Router(app.webSocketRoutes.map(\.registration))
            }
            #expect(error?.description == "route " + message)
        }
    }
}
