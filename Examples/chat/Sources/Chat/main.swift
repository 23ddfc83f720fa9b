import Crane
import Synchronization

/// Who is in a room; used from every loop.
final class Room: Sendable {
    private let members = Mutex<[ObjectIdentifier: WebSocket]>([:])

    var count: Int { members.withLock { $0.count } }

    func join(_ socket: WebSocket) { members.withLock { $0[ObjectIdentifier(socket)] = socket } }
    func leave(_ socket: WebSocket) { members.withLock { $0[ObjectIdentifier(socket)] = nil } }

    /// Drops a member who reads too slowly instead of waiting for it.
    func say(_ text: String) {
        for member in members.withLock({ Array($0.values) }) { member.post(.text(text)) }
    }
}

/// The rooms, of which there are so many at most.
final class Rooms: Sendable {
    private let rooms = Mutex<[String: Room]>([:])

    func room(_ name: String) throws -> Room {
        try rooms.withLock { rooms in
            if let room = rooms[name] { return room }
            guard rooms.count < 100 else { throw HTTPError(.serviceUnavailable, "There are too many rooms") }
            let room = Room()
            rooms[name] = room
            return room
        }
    }

    var counts: [String: Int] { rooms.withLock { $0.mapValues(\.count) } }
}

let rooms = Rooms()
var app = App(title: "Chat", description: "Rooms over WebSockets.")

app.get("/rooms") { rooms.counts }

var options = WebSocketOptions()
options.allowedOrigins = []
options.maximumMessageSize = 4 << 10
app.webSocket(
    "/rooms/{room}", Path("room", .string(maxLength: 40)),
    Query("name", .string(minLength: 1, maxLength: 40)),
    options: options
) { socket, name, member in
    let room = try rooms.room(name)
    room.join(socket)
    room.say("\(member) is here")
    defer {
        room.leave(socket)
        room.say("\(member) has left")
    }
    for await case .text(let text) in socket { room.say("\(member): \(text)") }
}

app.get("/") {
    HTML(
        """
        <!doctype html>
        <html lang="en">
        <title>Chat</title>
        <h1>Chat</h1>
        <form><input id="text" aria-label="What you say" autofocus></form>
        <ul id="lines"></ul>
        <script>
        const name = prompt("Who are you?") || "somebody";
        const url = location.origin.replace("http", "ws") + "/rooms/lobby?name=" + encodeURIComponent(name);
        const socket = new WebSocket(url);
        const lines = document.getElementById("lines");
        socket.onmessage = (event) => {
            lines.prepend(Object.assign(document.createElement("li"), { textContent: event.data }));
        };
        document.querySelector("form").onsubmit = (event) => {
            event.preventDefault();
            const text = document.getElementById("text");
            if (text.value) socket.send(text.value);
            text.value = "";
        };
        </script>
        </html>
        """)
}

try await app.run(port: 8000)
