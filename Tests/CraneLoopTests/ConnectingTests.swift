import CraneLoop
import Glibc
import TestSupport
import Testing

@Suite("Connecting")
struct ConnectingTests {
    private func client(
        _ running: RunningLoop, _ start: @escaping @Sendable (RecordingConnection) throws(UVError) -> Void
    ) async throws -> RecordingConnection {
        try await running.on { loop in
            let connection = RecordingConnection(loop: loop, startsReading: true)
            try start(connection)
            return connection
        }
    }

    @Test("reaches a listener, by TCP and by a Unix socket")
    func reaches() async throws {
        let listening = try ListeningLoop()
        let port = try await listening.listen { try .bindLocal() }
        let directory = try ScratchDirectory(names: "s")
        let path = directory.path + "/s"
        try await listening.listen { try .bind(unixPath: path) }
        let running = try RunningLoop()
        for (number, isUnix) in [false, true].enumerated() {
            let address = try SocketAddress.resolve(host: "127.0.0.1", port: port)[0]
            let connection = try await client(running) { made throws(UVError) in
                if isUnix {
                    try made.connect(toUnixPath: path)
                } else {
                    try made.connect(to: address)
                }
            }
            try await connection.journal.wait { $0.contains(.opened) }
            let accepted = try await listening.accepted.wait(forCount: number + 1)[number]
            try await running.on { _ in try connection.send([1, 2, 3]) }
            try await accepted.journal.wait { $0.bytes == [1, 2, 3] }
            try await running.on { _ in connection.close() }
            try await accepted.journal.wait { $0.end == .ended(nil) }
        }
        #expect(try await running.end() == 0)
        #expect(try await listening.running.end() == 0)
    }

    @Test("says why it cannot, and stops when it is closed first")
    func refused() async throws {
        let running = try RunningLoop()
        // A port that was free a moment ago.
        let port = try ListeningSocket.bindLocal().address?.port ?? 1
        let address = try SocketAddress.resolve(host: "127.0.0.1", port: port)[0]
        let refused = try await client(running) { made throws(UVError) in
            try made.connect(to: address)
        }
        try await refused.journal.wait { $0.end != nil }
        #expect(!refused.journal.entries.contains(.opened))
        try await running.on { _ in refused.close() }
        let missing = try await client(running) { made throws(UVError) in
            try made.connect(toUnixPath: "/nonexistent/s")
        }
        try await missing.journal.wait { $0.end != nil }
        try await running.on { _ in missing.close() }
        let closed = try await client(running) { made throws(UVError) in
            try made.connect(to: address)
            made.close()
        }
        try await closed.journal.wait { $0.contains(.closed) }
        #expect(closed.journal.entries == [.closed])
        await #expect(throws: UVError.invalid) {
            _ = try await client(running) { made throws(UVError) in
                try made.connect(toUnixPath: String(repeating: "x", count: 200))
            }
        }
        #expect(try await running.end() == 0)
    }
}
