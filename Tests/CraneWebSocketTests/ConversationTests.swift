import CraneHTTP
import Testing

@testable import Crane

/// A WebSocket without a socket: what comes is pushed, what goes is read back.
@Suite("A conversation")
struct ConversationTests {
    static func socket(_ configure: (inout WebSocketOptions) -> Void = { _ in }) -> (
        WebSocket, MemoryStream
    ) {
        let stream = MemoryStream()
        var options = WebSocketOptions()
        configure(&options)
        let socket = WebSocket(stream: stream, rules: WebSocketRules(options))
        socket.open()
        return (socket, stream)
    }

    @Test("brings messages in order, those that came early too")
    func order() async throws {
        let (socket, stream) = Self.socket()
        stream.push(.text("a"), .binary([1]), .text("b", isFinal: false), .more("c"))
        #expect(await socket.next() == .text("a"))
        #expect(await socket.next() == .binary([1]))
        #expect(await socket.next() == .text("bc"))
        async let late = socket.next()
        stream.push(.text("d"))
        #expect(await late == .text("d"))
        try await socket.send("e")
        try await socket.send([2])
        #expect(stream.sent == [.text("e"), .binary([2])])
    }

    @Test("lets its loop have a turn between messages that came together when their handler is slow")
    func slowHandler() async throws {
        let (socket, stream) = Self.socket()
        stream.push(.text("a"), .text("b"), .text("c"), .text("d"))
        #expect(await socket.next() == .text("a"))
        #expect(stream.turns == 0)
        stream.isSliceLong = true
        #expect(await socket.next() == .text("b"))
        #expect(await socket.next() == .text("c"))
        #expect(stream.turns == 2)
        stream.isSliceLong = false
        #expect(await socket.next() == .text("d"))
        #expect(stream.turns == 2)
    }

    @Test("answers pings though nobody reads, and takes pongs that nobody asked for")
    func pings() {
        let (socket, stream) = Self.socket()
        stream.push(.ping("a"), .pong("x"), .text("half", isFinal: false), .ping("b"))
        // The server writes `pong` frames, which read back without their payload.
        #expect(stream.sent == [.pong, .pong])
        #expect(socket.closeCode == nil)
    }

    @Test("ends with the client's code, once what came before is answered")
    func peerCloses() async throws {
        let (socket, stream) = Self.socket()
        stream.push(.text("a"), .text("b"), .close(4001, Array("why".utf8)))
        #expect(await socket.next() == .text("a"))
        try await socket.send("A")
        #expect(await socket.next() == .text("b"))
        try await socket.send("B")
        #expect(!stream.isClosed)
        #expect(await socket.next() == nil)
        #expect(
            stream.sent == [.text("A"), .text("B"), .close(WebSocketClosure(.init(rawValue: 4001), "why"))])
        #expect(stream.isClosed)
        #expect(socket.closeCode?.rawValue == 4001)
        #expect(socket.closeReason == "why")
        let error = await #expect(throws: WebSocketError.self) { try await socket.send("late") }
        #expect(error?.code.rawValue == 4001)
    }

    @Test("ends at once when the client closes and nothing waits for a response")
    func peerClosesIdle() async {
        let (socket, stream) = Self.socket()
        stream.push(.close())
        #expect(stream.sent == [.close(WebSocketClosure(.noStatus))])
        #expect(stream.isClosed)
        #expect(socket.closeCode == .noStatus)
        #expect(await socket.next() == nil)
    }

    @Test("ends for a handler that waits")
    func peerClosesWaiting() async {
        let (socket, stream) = Self.socket()
        async let message = socket.next()
        stream.push(.close(1000))
        #expect(await message == nil)
        #expect(stream.isClosed)
    }

    @Test("does not wait for ever for a handler that will not be done")
    func peerClosesBusy() async {
        let (socket, stream) = Self.socket()
        stream.push(.text("a"), .close(1000))
        _ = await socket.next()
        #expect(!stream.isClosed)
        #expect(stream.deadline == .seconds(5))
        stream.passDeadline()
        #expect(stream.isClosed)
        #expect(stream.sent == [.close(WebSocketClosure(.normal))])
    }

    @Test("answers what came before a broken frame, then closes with its code")
    func failure() async throws {
        let (socket, stream) = Self.socket()
        stream.push(.text("a"), ClientFrame(opcode: 1, reserved: 1), .text("never"))
        #expect(await socket.next() == .text("a"))
        try await socket.send("A")
        #expect(await socket.next() == nil)
        #expect(
            stream.sent == [.text("A"), .close(WebSocketClosure(.protocolError, "a reserved bit is set"))])
        #expect(socket.closeCode == .protocolError)
        #expect(stream.isClosed)
    }

    @Test("is closed by the server and waits for the client's answer")
    func serverCloses() async {
        let (socket, stream) = Self.socket()
        stream.push(.text("unread"))
        async let closing: Void = socket.close(.policyViolation, reason: "nope")
        await stream.until { !stream.sent.isEmpty }
        #expect(stream.sent == [.close(WebSocketClosure(.policyViolation, "nope"))])
        #expect(!stream.isClosed)
        stream.push(.text("on its way"), .ping("p"), .close(1008))
        await closing
        #expect(stream.isClosed)
        #expect(socket.closeCode == .policyViolation)
        #expect(stream.sent.count == 1)
        #expect(await socket.next() == nil)
    }

    @Test("is closed though the client never answers")
    func serverClosesSilentClient() async {
        let (socket, stream) = Self.socket()
        async let closing: Void = socket.close()
        await stream.until { !stream.sent.isEmpty }
        #expect(stream.deadline == .seconds(5))
        stream.passDeadline()
        await closing
        #expect(stream.isClosed)
        #expect(socket.closeCode == .abnormal)
    }

    @Test("sees the client's close behind messages that nobody read")
    func serverClosesFullInbox() async {
        let (socket, stream) = Self.socket()
        for _ in 0..<100 { stream.push(.text("unread")) }
        #expect(stream.isPaused)
        async let closing: Void = socket.close()
        await stream.until { !stream.sent.isEmpty }
        stream.push(.close(1000))
        await closing
        #expect(socket.closeCode == .normal)
    }

    @Test("ends with 1006 when the connection is lost, what had come first")
    func lost() async {
        let (socket, stream) = Self.socket()
        stream.push(.text("a"))
        stream.end()
        #expect(socket.closeCode == .abnormal)
        #expect(await socket.next() == .text("a"))
        #expect(await socket.next() == nil)
        #expect(stream.isClosed)
    }

    @Test("is told 1001 when the server goes down, after the response under way")
    func shutdown() async throws {
        let (idle, idleStream) = Self.socket()
        idleStream.stopServer()
        #expect(idleStream.sent == [.close(WebSocketClosure(.goingAway))])
        #expect(await idle.next() == nil)
        idleStream.push(.close(1001))
        #expect(idleStream.isClosed)
        #expect(idle.closeCode == .goingAway)

        let (busy, busyStream) = Self.socket()
        busyStream.push(.text("a"))
        _ = await busy.next()
        busyStream.stopServer()
        try await busy.send("A")
        #expect(await busy.next() == nil)
        #expect(busyStream.sent == [.text("A"), .close(WebSocketClosure(.goingAway))])
    }
}
