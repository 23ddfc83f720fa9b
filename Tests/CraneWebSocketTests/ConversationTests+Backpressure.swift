import CraneHTTP
import Testing

@testable import Crane

extension ConversationTests {
    @Test("leaves the socket alone while messages pile up, and goes on when they are read")
    func backPressure() async {
        let (socket, stream) = Self.socket()
        for number in 0..<200 { stream.push(.text("\(number)")) }
        #expect(stream.isPaused)
        for number in 0..<200 { #expect(await socket.next() == .text("\(number)")) }
        #expect(!stream.isPaused)
    }

    @Test("takes no more than its bound of bytes ahead")
    func byteBound() {
        let (socket, stream) = Self.socket()
        for _ in 0..<3 { stream.push(.binary(Array(repeating: 0, count: 40_000))) }
        #expect(stream.isPaused)
        #expect(socket.closeCode == nil)
    }

    @Test("waits with sending while the client is behind")
    func sendWaits() async throws {
        let (socket, stream) = Self.socket()
        stream.setWaiting(100_000)
        async let sending: Void = socket.send("a")
        await stream.until { stream.someoneWaitsForRoom }
        #expect(stream.sent.isEmpty)
        stream.setWaiting(0)
        try await sending
        #expect(stream.sent == [.text("a")])
    }

    @Test("drops a client that is too far behind for a message that waits for nobody")
    func postDrops() async {
        let (socket, stream) = Self.socket { $0.outputLimit = 1000 }
        #expect(socket.post(.text("a")))
        stream.setWaiting(100_000)
        #expect(!socket.post(.text("b")))
        #expect(stream.isAborted)
        #expect(socket.closeCode == .abnormal)
        #expect(!socket.post(.binary([1])))
        #expect(await socket.next() == nil)
    }

    @Test("drops a client that pings without end and reads nothing")
    func pingFlood() {
        let (socket, stream) = Self.socket { $0.outputLimit = 1000 }
        stream.setWaiting(100_000)
        stream.push(.ping("a"))
        #expect(stream.isAborted)
        #expect(socket.closeCode == .abnormal)
    }

    @Test("asks a silent client for a sign of life, and gives it up with 1011")
    func keepalive() async {
        let (socket, stream) = Self.socket {
            $0.pingInterval = .seconds(3)
            $0.pingTimeout = .seconds(5)
        }
        #expect(stream.deadline == .seconds(3))
        stream.push(.text("a"))
        stream.passDeadline()
        #expect(stream.sent.isEmpty)
        stream.passDeadline()
        #expect(stream.sent == [.ping([])])
        #expect(stream.deadline == .seconds(5))
        stream.push(.pong())
        stream.passDeadline()
        #expect(stream.sent.count == 1)
        stream.passDeadline()
        stream.passDeadline()
        #expect(stream.sent.last == .close(WebSocketClosure(.internalError, "keepalive ping timeout")))
        #expect(socket.closeCode == .internalError)
        #expect(stream.isClosed)
    }

    @Test(
        "sends pings to a client whose messages nobody reads, to find out when it breaks, and awaits no response"
    )
    func keepaliveFull() {
        let (socket, stream) = Self.socket()
        for _ in 0..<100 { stream.push(.text("unread")) }
        for _ in 0..<5 { stream.passDeadline() }
        #expect(stream.sent.count == 5)
        #expect(!stream.isClosed)
        #expect(socket.closeCode == nil)
    }

    @Test(
        "is closed when all connections together hold too much of long messages, and counts what is given back"
    )
    func budget() async {
        let budget = MemoryBudget(bound: 300_000)
        func connect() -> (WebSocket, MemoryStream) {
            let stream = MemoryStream(memory: budget)
            let socket = WebSocket(stream: stream, rules: WebSocketRules(WebSocketOptions()))
            socket.open()
            return (socket, stream)
        }
        let long = String(repeating: "a", count: 200_000)
        let (first, firstStream) = connect()
        firstStream.push(.text(long, isFinal: false))
        var (second, secondStream) = connect()
        secondStream.push(.text(long, isFinal: false))
        #expect(second.closeCode == .tryAgainLater)
        #expect(secondStream.isClosed)
        #expect(first.closeCode == nil)
        // Short messages are nobody's burden.
        (second, secondStream) = connect()
        secondStream.push(.text("short", isFinal: false), .more("er"))
        #expect(await second.next() == .text("shorter"))
        // What the handler has taken is counted no more.
        firstStream.push(.more("!"))
        #expect(await first.next() == .text(long + "!"))
        secondStream.push(.text(long))
        #expect(await second.next() == .text(long))
        // Nor is what a connection held that is no more.
        firstStream.push(.text(long, isFinal: false))
        firstStream.end()
        secondStream.push(.text(long, isFinal: false), .more("?"))
        #expect(await second.next() == .text(long + "?"))
    }

    @Test("hears the client's goodbye while its own waits for the handler")
    func bothLeave() async throws {
        let (socket, stream) = Self.socket()
        stream.push(.text("a"))
        #expect(await socket.next() == .text("a"))
        socket.serverStops(restarts: false)
        stream.push(.text("unheard"), .close(1000, []))
        try await socket.send("A")
        #expect(await socket.next() == nil)
        #expect(stream.sent == [.text("A"), .close(WebSocketClosure(.normal))])
        #expect(stream.isClosed)
    }

    @Test("ends for a reader whose task is cancelled, and stays open for the next")
    func cancelled() async {
        let (socket, stream) = Self.socket()
        let reader = Task { await socket.next() }
        reader.cancel()
        #expect(await reader.value == nil)
        #expect(socket.closeCode == nil)
        stream.push(.text("a"))
        #expect(await socket.next() == .text("a"))
    }

    @Test("takes messages from many tasks, each whole")
    func manySenders() async throws {
        let (socket, stream) = Self.socket()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<50 {
                group.addTask { for _ in 0..<20 { try await socket.send("message \(number)") } }
            }
            try await group.waitForAll()
        }
        #expect(stream.sent.count == 1000)
        #expect(Set(stream.sent.map { "\($0)" }).count == 50)
    }
}
