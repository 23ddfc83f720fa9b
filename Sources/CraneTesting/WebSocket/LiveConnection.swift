import CraneHTTP
import Synchronization

/// A connection to the server under test that has left HTTP, or is about to.
final class LiveConnection: TestConnection {
    private let socket: BlockingSocket
    /// What came behind the response's head.
    private let early = Mutex<[UInt8]>([])

    init(_ socket: consuming BlockingSocket) {
        self.socket = socket
    }

    /// Sends the handshake and reads the response: its head where it is 101, all of it otherwise. Blocks.
    func open(_ handshake: [UInt8]) throws -> TestOpening {
        try socket.send(handshake)
        var received: [UInt8] = []
        var end: Int?
        while end == nil {
            let part = try socket.receive()
            if part.isEmpty { throw TestFailure("the server has closed the connection without a response") }
            received += part
            end = RawResponse.headEnd(in: received)
        }
        guard let end, received.starts(with: Array("HTTP/1.1 101 ".utf8)) else {
            // The server may keep the connection for another request.
            socket.endWriting()
            return .refused(try RawResponse(received + socket.rest()).response(isHead: false))
        }
        early.withLock { $0 = Array(received[end...]) }
        return .accepted(try RawResponse(Array(received[..<end])).response(isHead: false), self)
    }

    func send(_ bytes: [UInt8]) async throws {
        try await LiveTransport.blocking { [self] in try socket.send(bytes) }
    }

    func receive(within time: Duration) async throws -> [UInt8]? {
        let early = early.withLock { early in
            defer { early = [] }
            return early
        }
        if !early.isEmpty { return early }
        return try await LiveTransport.blocking { [self] in
            socket.setPatience(time)
            return socket.receiveInTime()
        }
    }

    func breakOff() { socket.breakOff() }
}
