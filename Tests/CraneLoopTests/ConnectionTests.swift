import CraneLoop
import TestSupport
import Testing

@Suite("Connections", .serialized, .timeLimit(.minutes(5)))
struct ConnectionTests {
    /// Bytes whose order shows.
    private static let pattern = (0...255).flatMap { Array(repeating: UInt8($0), count: much / 256) }

    /// More than two sockets' buffers hold.
    private static let much = 16 << 20

    @Test("a connection that does not read makes the peer wait, and loses nothing when it reads on")
    func backPressure() async throws {
        let (listening, client, connection) = try await ListeningLoop.pair(startsReading: false)
        let taken = try client.fill(with: Array(repeating: 7, count: 65536))
        #expect(connection.journal.entries == [.opened])
        #expect(try await listening.running.on { _ in connection.hasUnreadBytes && !connection.isReading })
        _ = try await listening.running.on { _ in connection.startReading() }
        try await connection.journal.wait { $0.bytes.count == taken }
        #expect(try await listening.running.on { _ in !connection.hasUnreadBytes && connection.isReading })
        #expect(try await listening.running.end() == 0)
    }

    @Test("reading can be stopped and begun again at any time")
    func stopAndStart() async throws {
        let (listening, client, connection) = try await ListeningLoop.pair()
        try await client.send([1])
        try await connection.journal.wait { $0.bytes == [1] }
        _ = try await listening.running.on { _ in
            connection.stopReading()
            connection.stopReading()
        }
        try await client.send([2])
        // Turns of the loop, in which it would have been read.
        for _ in 0..<10 { try await listening.running.task { try await $0.sleep(for: .zero) } }
        #expect(connection.journal.entries.bytes == [1])
        _ = try await listening.running.on { _ in
            connection.startReading()
            connection.startReading()
        }
        try await connection.journal.wait { $0.bytes == [1, 2] }
        #expect(try await listening.running.end() == 0)
    }

    @Test("what the socket does not take is queued, and leaves in order")
    func partialWrites() async throws {
        let (listening, client, connection) = try await ListeningLoop.pair()
        let bytes = ConnectionTests.pattern
        let queued = try await listening.running.on { _ in
            try connection.send([])
            #expect(connection.queuedBytes == 0)
            try connection.send(bytes)
            let first = connection.queuedBytes
            try connection.send([1, 2, 3])
            #expect(connection.queuedBytes == first + 3)
            // libuv tries once more when it queues.
            #expect((4...first + 3).contains(connection.unsentBytes))
            return first
        }
        #expect(queued > 0 && queued < bytes.count)
        #expect(!connection.journal.entries.contains(.drained))
        let received = try await client.receive(count: bytes.count + 3)
        // Not spelt out when it fails.
        let isWhole = received == bytes + [1, 2, 3]
        #expect(isWhole)
        try await connection.journal.wait { $0.contains(.drained) }
        #expect(connection.journal.entries.filter { $0 == .drained }.count == 1)
        #expect(try await listening.running.on { _ in connection.queuedBytes + connection.unsentBytes } == 0)
        #expect(try await listening.running.end() == 0)
    }

    @Test("a connection that is closed while writes are queued lets go of them and of itself")
    func closedWhileQueued() async throws {
        let listening = try ListeningLoop()
        let (kept, journals) = (Journal<WeakConnection>(), Journal<Journal<Heard>>())
        let port = try await listening.running.on { loop in
            let socket = try ListeningSocket.bindLocal()
            let port = socket.address?.port ?? 0
            _ = try StreamListener(on: socket, loop: loop) {
                let connection = RecordingConnection(loop: loop, startsReading: true)
                kept.note(WeakConnection(connection))
                journals.note(connection.journal)
                return connection
            }
            return port
        }
        let client = try await RawSocket(port: port)
        try await client.send([1])
        let journal = try await journals.wait(forCount: 1)[0]
        try await journal.wait { $0.bytes == [1] }
        let weakly = kept.entries[0]
        _ = try await listening.running.on { _ in
            let connection = try #require(weakly.connection)
            try connection.send(Array(repeating: 1, count: ConnectionTests.much))
            try connection.send(Array(repeating: 2, count: 1000))
            #expect(connection.queuedBytes > 0)
            connection.close()
            connection.close()
            #expect(!connection.isOpen)
            #expect(connection.peerAddress == nil)
            #expect(throws: UVError.self) { try connection.send([1]) }
        }
        try await journal.wait { $0.contains(.closed) }
        // The reference of the close callback is given up right after it.
        try await listening.running.task { try await $0.sleep(for: .zero) }
        #expect(weakly.connection == nil)
        #expect(!journal.entries.contains(.drained))
        #expect(journal.entries.end == nil)
        #expect(try await listening.running.end() == 0)
    }

    final class WeakConnection: @unchecked Sendable {
        weak var connection: RecordingConnection?

        init(_ connection: RecordingConnection) { self.connection = connection }
    }

    @Test(
        "a peer that resets the connection ends it with an error, queued writes or not", arguments: [0, much])
    func reset(queued: Int) async throws {
        let (listening, client, connection) = try await ListeningLoop.pair()
        _ = try await listening.running.on { _ in try connection.send(Array(repeating: 1, count: queued)) }
        client.reset()
        let heard = try await connection.journal.wait { $0.end != nil }
        #expect(heard.end != .ended(nil))
        // Nothing is heard twice, and a write says that it is of no use.
        _ = try await listening.running.on { _ in
            #expect(throws: UVError.self) { try connection.send([1]) }
            connection.close()
        }
        try await connection.journal.wait { $0.last == .closed }
        #expect(try await listening.running.end() == 0)
    }

    @Test("a peer that has said all still hears the response")
    func halfClosedByPeer() async throws {
        let (listening, client, connection) = try await ListeningLoop.pair()
        try await client.send(Array("question".utf8))
        client.shutdownWriting()
        let heard = try await connection.journal.wait { $0.end != nil }
        #expect(heard.bytes == Array("question".utf8))
        #expect(heard.end == .ended(nil))
        _ = try await listening.running.on { _ in
            try connection.send(Array("answer".utf8))
            connection.close()
        }
        #expect(try await client.receive(count: 100) == Array("answer".utf8))
        #expect(try await listening.running.end() == 0)
    }

    @Test("the end that a connection sends comes after all that was queued, and it still hears the peer")
    func halfClosedByServer() async throws {
        let (listening, client, connection) = try await ListeningLoop.pair()
        let bytes = ConnectionTests.pattern
        _ = try await listening.running.on { _ in
            try connection.send(bytes)
            connection.shutdownWriting()
            connection.shutdownWriting()
        }
        let isWhole = try await client.receive(count: bytes.count + 1) == bytes
        #expect(isWhole)
        try await client.send([1, 2, 3])
        try await connection.journal.wait { $0.bytes == [1, 2, 3] }
        _ = try await listening.running.on { _ in
            #expect(throws: UVError.self) { try connection.send([1]) }
        }
        #expect(try await listening.running.end() == 0)
    }

    @Test("a connection may be closed from inside its own callback")
    func closedInCallback() async throws {
        let running = try RunningLoop()
        let journal = Journal<String>()
        let port = try await running.on { loop in
            let socket = try ListeningSocket.bindLocal()
            let port = socket.address?.port ?? 0
            _ = try StreamListener(on: socket, loop: loop) { ClosingConnection(loop: loop, journal: journal) }
            return port
        }
        for _ in 0..<3 {
            let client = try await RawSocket(port: port)
            try await client.send([1])
            #expect(try await client.receive(count: 10) == [9])
        }
        try await journal.wait(forCount: 9)
        #expect(journal.entries.filter { $0 == "gone" }.count == 3)
        #expect(try await running.end() == 0)
    }

    private final class ClosingConnection: StreamConnection {
        let journal: Journal<String>

        init(loop: EventLoop, journal: Journal<String>) {
            self.journal = journal
            super.init(loop: loop)
        }

        deinit { journal.note("gone") }

        override func didOpen() { startReading() }

        override func didRead(_ bytes: UnsafeRawBufferPointer) {
            journal.note("read")
            try? unsafe [9 as UInt8].withUnsafeBytes { try unsafe write($0) }
            close()
        }

        override func didClose() { journal.note("closed") }
    }

    @Test("many connections come and go and none is left")
    func many() async throws {
        let listening = try ListeningLoop()
        let port = try await listening.listen { try .bindLocal() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<64 {
                group.addTask {
                    let client = try await RawSocket(port: port)
                    try await client.send([UInt8(number)])
                    if number % 3 == 0 { client.reset() }
                    if number % 3 == 1 { client.shutdownWriting() }
                }
            }
            try await group.waitForAll()
        }
        let connections = try await listening.accepted.wait(forCount: 64)
        for connection in connections { try await connection.journal.wait { $0.end != nil } }
        _ = try await listening.running.on { _ in
            for connection in connections { connection.close() }
        }
        for connection in connections { try await connection.journal.wait { $0.last == .closed } }
        #expect(try await listening.running.end() == 0)
    }
}
