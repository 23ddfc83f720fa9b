// The examples of Docs/Guide/WebSockets.md.
import Crane
import CraneTesting
import Synchronization
import Testing

final class ChatRoom: Sendable {
    private let members = Mutex<[ObjectIdentifier: WebSocket]>([:])

    func join(_ socket: WebSocket) { members.withLock { $0[ObjectIdentifier(socket)] = socket } }
    func leave(_ socket: WebSocket) { members.withLock { $0[ObjectIdentifier(socket)] = nil } }

    func say(_ text: String) {
        for member in members.withLock({ Array($0.values) }) { member.post(.text(text)) }
    }
}

private final class ChatRooms: Sendable {
    private let rooms = Mutex<[Int: ChatRoom]>([:])

    func room(_ id: Int) throws -> ChatRoom {
        try rooms.withLock { rooms in
            if let room = rooms[id] { return room }
            guard rooms.count < 100 else { throw WebSocketError(.tryAgainLater, "too many rooms") }
            let room = ChatRoom()
            rooms[id] = room
            return room
        }
    }
}

private enum Invitation {
    static let names = ["4711": "ada"]
}

let invited = Dependency(APIKeyQuery("token")) { token in
    guard let name = Invitation.names[token] else { throw HTTPError(.unauthorized) }
    return name
}

private func chatApp() -> App {
    let rooms = Dependency.constant(ChatRooms())
    var app = App(title: "Chat")
    app.webSocket("/chat") { socket in
        for await message in socket {
            guard case .text(let text) = message else {
                throw WebSocketError(.unsupportedData, "text only")
            }
            try await socket.send("Echo: \(text)")
        }
    }
    app.webSocket("/rooms/{id}", Path("id", Int.self), Query("name", .string(minLength: 2)), rooms) {
        socket, id, name, rooms in
        let room = try rooms.room(id)
        room.join(socket)
        room.say("\(name) is here")
        defer { room.leave(socket) }
        for await case .text(let text) in socket { room.say("\(name): \(text)") }
    }
    var options = WebSocketOptions()
    options.allowedOrigins = ["https://talk.example"]
    options.subprotocols = ["talk.v2", "talk.v1"]
    options.maximumMessageSize = 64 << 10
    app.webSocket("/members", invited, options: options) { socket, name in
        try await socket.send("Hello, \(name), in \(socket.subprotocol ?? "no protocol")")
    }
    return app
}

@Test("everybody in the room hears what one says")
func room() async throws {
    let client = TestClient(chatApp())
    let ada = try await client.webSocket("/rooms/7?name=ada")
    #expect(try await ada.next() == .text("ada is here"))
    let grace = try await client.webSocket("/rooms/7?name=grace")
    try await grace.send("hello")
    for text in ["grace is here", "grace: hello"] {
        #expect(try await grace.next() == .text(text))
        #expect(try await ada.next() == .text(text))
    }
    try await ada.close()
    #expect(ada.closeCode == .normal)
}

@Test("nobody comes in without a name or from a strange page")
func refused() async throws {
    let client = TestClient(chatApp())
    let nameless = await #expect(throws: WebSocketRefusal.self) {
        _ = try await client.webSocket("/rooms/7")
    }
    #expect(nameless?.response.status == .forbidden)
    let strange = await #expect(throws: WebSocketRefusal.self) {
        _ = try await client.webSocket(
            "/members?token=4711", headers: [.origin: "https://evil.example"])
    }
    #expect(strange?.response.status == .forbidden)
}

@Test("a conversation echoes text, members are greeted, others and bytes are not taken")
func conversation() async throws {
    let client = TestClient(chatApp())
    let socket = try await client.webSocket("/chat")
    try await socket.send("hello")
    #expect(try await socket.next() == .text("Echo: hello"))
    try await socket.send([1])
    #expect(try await socket.next() == nil)
    #expect(socket.closeCode == .unsupportedData)
    #expect(socket.closeReason == "text only")
    let greeted = try await client.webSocket("/members?token=4711", subprotocols: ["talk.v1"])
    #expect(try await greeted.next() == .text("Hello, ada, in talk.v1"))
    let stranger = await #expect(throws: WebSocketRefusal.self) {
        _ = try await client.webSocket("/members?token=1")
    }
    #expect(stranger?.response.status == .unauthorized)
}
