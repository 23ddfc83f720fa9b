import CraneHTTP
import CraneServer
import HTTPTypes
import Synchronization
import TestSupport
import Testing

@Suite("Connections that are handed over", .serialized, .timeLimit(.minutes(5)))
struct HandOverTests {
    /// Sends pieces that it holds once, as often as the socket takes them, up to a bound; keeps what comes.
    private final class Sender: StreamReceiver {
        let stream: any UpgradedStream
        let isChunked: Bool
        private let pieces: [SharedBytes]
        private let sent = Mutex(0)
        let received = Journal<[UInt8]>()
        let blocked = Journal<Int>()
        let ended = Journal<Void>()
        let stopped = Journal<Bool>()

        init(_ stream: any UpgradedStream, isChunked: Bool, _ texts: [[UInt8]]) {
            self.stream = stream
            self.isChunked = isChunked
            pieces = texts.map { text in unsafe text.withUnsafeBytes { unsafe SharedBytes($0) } }
        }

        /// Sends what is left, as far as there is room.
        func send() {
            let list = SharedPieces()
            while case let start = sent.withLock({ $0 }), start < pieces.count {
                list.removeAll()
                for piece in pieces[start...].prefix(SharedPieces.bound) { list.append(piece) }
                switch stream.send(list) {
                case .all: sent.withLock { $0 += list.count }
                case .some(let count):
                    sent.withLock { $0 += count }
                    return blocked.note(count)
                case .none: return
                }
            }
            if isChunked { stream.write { ResponseEncoder.lastChunk(trailers: [:], to: $0) } }
            stream.close()
        }

        func receive(_ bytes: UnsafeRawBufferPointer) -> Int {
            unsafe received.note(Array(bytes))
            return bytes.count
        }
        func receiveEnd() {
            ended.note(())
            stream.close()
        }
        func deadlinePassed() {}
        func serverStops(restarts: Bool) {
            stopped.note(restarts)
            stream.close()
        }
        func didDrain() { send() }
    }

    /// A server whose every response is handed to a sender of `texts`.
    private static func running(
        _ texts: [[UInt8]], sends: Bool = true
    ) throws -> (RunningServer, Journal<Sender>) {
        let senders = Journal<Sender>()
        let running = try RunningServer { request in
            let isChunked = !request.isHTTP10
            return Response.handOver(headers: [.contentType: "text/plain"]) { stream in
                let sender = Sender(stream, isChunked: isChunked, texts)
                stream.start(sender)
                senders.note(sender)
                if sends { sender.send() }
            }
        }
        return (running, senders)
    }

    private func chunk(_ text: String) -> [UInt8] {
        let output = OutputBuffer()
        ResponseEncoder.chunk(Array(text.utf8), to: output)
        return unsafe Array(output.bytes)
    }

    @Test("write the rest of their response, and are its connection's last")
    func body() async throws {
        let (running, _) = try Self.running([chunk("one"), chunk("two")])
        let client = try await running.connect()
        let answer = try await client.get("/")
        #expect(answer.text == "onetwo")
        #expect(answer.closes)
        #expect(try await client.isAtEnd())
        try await running.end()
    }

    @Test("end the response to HTTP/1.0 by closing, and HEAD has its head alone")
    func others() async throws {
        let (running, senders) = try Self.running([Array("one".utf8)])
        let old = try await running.connect()
        try await old.send("GET / HTTP/1.0\r\n\r\n")
        #expect(try await old.answer().text == "one")
        let client = try await running.connect()
        #expect(try await client.get("/", method: "HEAD").status == 200)
        #expect(senders.entries.count == 1)
        try await running.end()
    }

    @Test("send shared pieces in order to a client that reads late, and hear of the room that it makes")
    func slow() async throws {
        // More than the system keeps for both sides.
        let texts = (0..<400).map { number in Array("\(number),".utf8) + Array(repeating: 46, count: 40_000) }
        let (running, senders) = try Self.running(texts)
        let client = try await running.connect()
        try await client.send("GET / HTTP/1.0\r\n\r\n")
        let sender = try await senders.wait(forCount: 1)[0]
        _ = try await sender.blocked.wait(forCount: 1)
        #expect(try await client.answer().body == Array(texts.joined()))
        try await running.end()
    }

    @Test("are ended when a client takes nothing of what they share, as all others")
    func silent() async throws {
        let texts = (0..<400).map { _ in Array(repeating: UInt8(46), count: 40_000) }
        let (running, senders) = try Self.running(texts)
        let client = try await running.connect()
        try await client.send("GET / HTTP/1.0\r\n\r\n")
        let sender = try await senders.wait(forCount: 1)[0]
        _ = try await sender.blocked.wait(forCount: 1)
        await running.pass(.seconds(60))
        _ = try await sender.ended.wait(forCount: 1)
        try await running.end()
        withExtendedLifetime(client) {}
    }

    @Test("hear what comes, also what came with the request, and the client's end")
    func hear() async throws {
        let (running, senders) = try Self.running([], sends: false)
        let client = try await running.connect()
        try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\nmore")
        let sender = try await senders.wait(forCount: 1)[0]
        #expect(try await sender.received.wait(forCount: 1) == [Array("more".utf8)])
        client.socket.disconnect()
        _ = try await sender.ended.wait(forCount: 1)
        try await running.end()
    }

    @Test("are told that the server stops")
    func stop() async throws {
        let (running, senders) = try Self.running([], sends: false)
        let client = try await running.connect()
        try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        let sender = try await senders.wait(forCount: 1)[0]
        running.server.shutdown(restarts: true)
        #expect(try await sender.stopped.wait(forCount: 1) == [true])
        try await running.end()
        withExtendedLifetime(client) {}
    }
}
