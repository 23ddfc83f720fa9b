import CZlib
import CraneHTTP
import Testing

@testable import Crane

@Suite("Compressed messages")
struct CompressionTests {
    private static func agreement(_ offer: String) throws -> DeflateAgreement {
        let offers = try #require(ExtensionOffer.parse("permessage-deflate" + offer))
        return try #require(DeflateAgreement(offers))
    }

    /// A socket that compresses everything.
    private static func socket(_ offer: String, limit: Int = 16 << 20) throws -> (WebSocket, MemoryStream) {
        let stream = MemoryStream()
        var options = WebSocketOptions()
        options.shortestCompressed = 0
        options.maximumMessageSize = limit
        let socket = WebSocket(stream: stream, rules: WebSocketRules(options), deflate: try agreement(offer))
        socket.open()
        return (socket, stream)
    }

    /// Texts that repeat each other over more than a window, and bytes that nothing compresses.
    private static let messages: [[UInt8]] = {
        var random = SystemRandomNumberGenerator()
        var messages: [[UInt8]] = [[], [0x61], Array("Hello".utf8), Array("Hello".utf8)]
        for count in [10, 100, 1000, 5000, 20_000] {
            messages.append(Array(String(repeating: "the quick brown fox ", count: count / 20 + 1).utf8))
            messages.append((0..<count).map { _ in UInt8.random(in: 0...255, using: &random) })
            messages.append((0..<count).map { UInt8(truncatingIfNeeded: $0 / 7) })
        }
        return messages + messages.reversed()
    }()

    @Test(
        "go both ways under every agreement",
        arguments: [
            ("; client_max_window_bits", 12, 12), ("", 15, 12), ("; client_max_window_bits=9", 9, 12),
            ("; server_max_window_bits=9; client_max_window_bits", 12, 9),
            ("; server_max_window_bits=8; client_max_window_bits=15", 12, 8),
            ("; server_no_context_takeover; client_max_window_bits", 12, 12),
            ("; client_no_context_takeover; client_max_window_bits", 12, 12),
        ] as [(String, Int32, Int32)])
    func roundTrip(_ offer: String, _ clientBits: Int32, _ serverBits: Int32) async throws {
        let (socket, stream) = try Self.socket(offer)
        let agreement = try Self.agreement(offer)
        let peer = PeerDeflate(clientBits: clientBits, serverBits: serverBits)
        for message in Self.messages {
            // A new context for each message is what `client_no_context_takeover` asks for.
            let sender = agreement.clientResets ? PeerDeflate(clientBits: clientBits) : peer
            stream.push(.compressed(sender.compress(message), isText: false))
            #expect(await socket.next() == .binary(message))
            try await socket.send(message)
            guard case .compressed(let bytes, let isText) = try #require(stream.sent.last) else {
                Issue.record("not compressed")
                continue
            }
            #expect(!isText)
            if agreement.serverResets { peer.resetInflater() }
            #expect(peer.inflate(bytes) == message)
        }
    }

    @Test("refer to earlier ones, unless the client has been silent")
    func windows() async throws {
        let (socket, stream) = try Self.socket("; client_max_window_bits")
        let peer = PeerDeflate()
        var random = SystemRandomNumberGenerator()
        let message = (0..<1000).map { _ in UInt8.random(in: 0...255, using: &random) }
        func sizes() -> [Int] {
            stream.sent.compactMap { if case .compressed(let bytes, _) = $0 { bytes.count } else { nil } }
        }
        try await socket.send(message)
        try await socket.send(message)
        #expect(sizes()[0] > 1000)
        #expect(sizes()[1] < 50)
        stream.passDeadline()
        #expect(stream.sent.last == .ping([]))
        try await socket.send(message)
        #expect(sizes()[2] > 1000)
        for case .compressed(let bytes, _) in stream.sent { #expect(peer.inflate(bytes) == message) }
    }

    @Test("are not made of short texts, where the route says so")
    func short() async throws {
        let stream = MemoryStream()
        let socket = WebSocket(
            stream: stream, rules: WebSocketRules(WebSocketOptions()),
            deflate: try Self.agreement("; client_max_window_bits"))
        let peer = PeerDeflate()
        let long = String(repeating: "long ", count: 20)
        try await socket.send("short")
        try await socket.send(long)
        #expect(stream.sent.first == .text("short"))
        guard case .compressed(let bytes, true) = try #require(stream.sent.last) else {
            Issue.record("not compressed")
            return
        }
        #expect(peer.inflate(bytes) == Array(long.utf8))
    }

    @Test("are not made of texts so long that they would hold the loop")
    func longTexts() async throws {
        var options = WebSocketOptions()
        options.longestCompressed = 1000
        let stream = MemoryStream()
        let deflate = try Self.agreement("; client_max_window_bits")
        let socket = WebSocket(stream: stream, rules: WebSocketRules(options), deflate: deflate)
        socket.open()
        let peer = PeerDeflate()
        for count in [1000, 1001, 1000] {
            let text = String(repeating: "a", count: count)
            try await socket.send(text)
            switch stream.sent.last {
            case .compressed(let bytes, _) where count == 1000:
                // What was sent as it is does not count for the window.
                #expect(peer.inflate(bytes) == Array(text.utf8))
            case .text(text) where count == 1001: break
            case let event: Issue.record("\(count) bytes left as \(String(describing: event))")
            }
        }
    }

    @Test("may say of a block that it is the last")
    func lastBlocks() async throws {
        let (socket, stream) = try Self.socket("; client_no_context_takeover; client_max_window_bits")
        let peer = PeerDeflate()
        let parts = ["Hello, ", "World, ", "again"]
        // RFC 7692, section 7.2.3.4: a zero byte behind the last of them.
        let bytes = parts.map { peer.compress(Array($0.utf8), flush: Z_FINISH) }.reduce([], +) + [0]
        stream.push(.compressed(bytes))
        #expect(await socket.next() == .text("Hello, World, again"))
    }

    @Test(
        "that are long are inflated by their reader, a piece a turn of the loop, with what comes behind them in order"
    )
    func longMessages() async throws {
        let (socket, stream) = try Self.socket("; client_max_window_bits", limit: 4 << 20)
        let peer = PeerDeflate()
        let long = String(repeating: "äöü", count: 300_000)
        stream.push(.compressed(peer.compress(Array("first".utf8)), isText: true))
        stream.push(.compressed(peer.compress(Array(long.utf8)), isText: true))
        // Refers to the long one.
        stream.push(.compressed(peer.compress(Array("äöüäöü".utf8)), isText: true), .ping("7"))
        #expect(stream.turns == 0)
        #expect(await socket.next() == .text("first"))
        #expect(stream.turns == 0)
        // Nothing is read behind it before it is through.
        #expect(!stream.sent.contains(.pong))
        #expect(await socket.next() == .text(long))
        // 1.8 MB in pieces of 64 KiB.
        #expect(stream.turns >= 1_800_000 >> 16)
        #expect(await socket.next() == .text("äöüäöü"))
    }

    @Test("that are long wake a reader who waits, and are dropped by whoever closes")
    func longMessageWhileWaiting() async throws {
        let (socket, stream) = try Self.socket("; client_max_window_bits", limit: 4 << 20)
        let peer = PeerDeflate()
        let long = [UInt8](repeating: 1, count: 1 << 20)
        async let message = socket.next()
        await Task.yield()
        stream.push(.compressed(peer.compress(long), isText: false))
        #expect(await message == .binary(long))
        stream.push(.compressed(peer.compress(long), isText: false))
        let closing = Task { await socket.close() }
        await stream.until { stream.sent.contains { if case .close = $0 { true } else { false } } }
        stream.push(.close(1000))
        await closing.value
        #expect(await socket.next() == nil)
        #expect(socket.closeCode == .normal)
    }

    @Test("that are long count for what the server may hold, and close with 1013 beyond it")
    func longMessagesOverBudget() async throws {
        let memory = MemoryBudget(bound: 512 << 10)
        var others = 0
        _ = memory.count(256 << 10, insteadOf: &others)
        let stream = MemoryStream(memory: memory)
        let socket = WebSocket(
            stream: stream, rules: WebSocketRules(WebSocketOptions()),
            deflate: try Self.agreement("; client_max_window_bits"))
        socket.open()
        stream.push(.compressed(PeerDeflate().compress([UInt8](repeating: 1, count: 1 << 20)), isText: false))
        #expect(socket.closeCode == nil)
        #expect(await socket.next() == nil)
        #expect(socket.closeCode == .tryAgainLater)
        #expect(memory.held == others)
    }

    @Test("that cost much to inflate to little are taken in pieces too")
    func emptyBlocks() async throws {
        let (socket, stream) = try Self.socket(
            "; client_no_context_takeover; client_max_window_bits", limit: 4 << 20)
        // Stored blocks without a byte, then one byte (RFC 1951, section 3.2.4).
        let empty: [UInt8] = [0x00, 0x00, 0x00, 0xFF, 0xFF]
        let bytes =
            [UInt8](repeatElement(empty, count: 100_000).joined()) + [
                0x00, 0x01, 0x00, 0xFE, 0xFF, 0x61, 0x00,
            ]
        stream.push(.compressed(bytes, isText: true))
        #expect(await socket.next() == .text("a"))
        #expect(stream.turns >= 500_000 >> 16)
    }

    @Test("that inflate without end are cut off at the limit with 1009")
    func bomb() async throws {
        let (socket, stream) = try Self.socket("; client_max_window_bits", limit: 100_000)
        let peer = PeerDeflate()
        stream.push(.compressed(peer.compress(Array(repeating: 0, count: 100_000)), isText: false))
        #expect(await socket.next() == .binary(Array(repeating: 0, count: 100_000)))
        stream.push(.compressed(peer.compress(Array(repeating: 0, count: 100_001)), isText: false))
        #expect(await socket.next() == nil)
        #expect(socket.closeCode == .messageTooBig)
        #expect(socket.closeReason == "frame exceeds limit of 100000 bytes")
    }

    @Test(
        "that are broken close with 1002, and with 1007 when they are no text",
        arguments: [
            ([0xFF, 0xFF, 0xFF], .protocolError), ([0x06], .protocolError),
            (Array(repeating: [0x03, 0x00], count: 40).flatMap { $0 }, .protocolError),
        ] as [([UInt8], WebSocketCloseCode)])
    func broken(_ bytes: [UInt8], _ code: WebSocketCloseCode) async throws {
        let (socket, stream) = try Self.socket("; client_max_window_bits")
        stream.push(.compressed(bytes))
        #expect(await socket.next() == nil)
        #expect(socket.closeCode == code)
        #expect(stream.isClosed)
    }

    @Test("that are no text close with 1007")
    func notText() async throws {
        let (socket, stream) = try Self.socket("; client_max_window_bits")
        stream.push(.compressed(PeerDeflate().compress([0x61, 0xFF])))
        #expect(await socket.next() == nil)
        #expect(socket.closeCode == .invalidPayload)
    }
}
