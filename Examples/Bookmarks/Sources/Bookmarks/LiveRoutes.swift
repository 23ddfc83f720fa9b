import Crane
import Synchronization

/// Tells of bookmarks that are shared, those who listen now.
final class Hub: Sendable {
    private let listeners = Mutex<[UniqueID: AsyncStream<Bookmark>.Continuation]>([:])

    func tell(_ bookmark: Bookmark) {
        for listener in listeners.withLock({ Array($0.values) }) { listener.yield(bookmark) }
    }

    /// One who takes too long misses the oldest of more than sixteen.
    func listen() -> AsyncStream<Bookmark> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: Bookmark.self, bufferingPolicy: .bufferingNewest(16))
        let id = UniqueID()
        listeners.withLock { $0[id] = continuation }
        continuation.onTermination = { [weak self] _ in
            _ = self?.listeners.withLock { $0.removeValue(forKey: id) }
        }
        return stream
    }
}

/// Who talks about bookmarks; a member who reads too slowly is dropped.
final class Room: Sendable {
    private let members = Mutex<[ObjectIdentifier: WebSocket]>([:])

    func join(_ socket: WebSocket) { members.withLock { $0[ObjectIdentifier(socket)] = socket } }
    func leave(_ socket: WebSocket) { members.withLock { $0[ObjectIdentifier(socket)] = nil } }
    func say(_ text: String) {
        for member in members.withLock({ Array($0.values) }) { member.post(.text(text)) }
    }
}

struct LiveRoutes {
    let hub: Hub
    let room: Room
    let user: Dependency<User>

    func register(in app: inout App) {
        app.get("/v1/events") { [hub] in
            EventStream { events in
                for await bookmark in hub.listen() {
                    try await events.send(bookmark.view, name: "shared", id: "\(bookmark.id)")
                }
            }
        }.name("follow_shared").tags("live")
        app.webSocket("/v1/room", user) { [room] socket, user in
            room.join(socket)
            defer { room.leave(socket) }
            for await case .text(let text) in socket { room.say("\(user.name): \(text)") }
        }
    }
}
