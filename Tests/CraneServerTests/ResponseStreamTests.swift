import CraneHTTP
import CraneServer
import Glibc
import HTTPTypes
import TestSupport
import Testing

@Suite("Streamed answers", .serialized, .timeLimit(.minutes(5)))
struct ResponseStreamTests {
    private struct Broken: Error {}

    /// A server whose responses are all streams that `produce` writes.
    private static func running(
        length: Int? = nil,
        _ produce: @escaping @Sendable (any ResponseWriter, Request) async throws -> Void
    ) throws -> RunningServer {
        try RunningServer { request in
            if request.path == "/turn" { return Response() }
            return Response(
                body: ResponseBody(length: length) { writer in try await produce(writer, request) })
        }
    }

    @Test("a stream of unknown length is sent in chunks, with its trailers, and the connection goes on")
    func chunked() async throws {
        let running = try ResponseStreamTests.running { writer, _ in
            for part in ["a", "", "bc", String(repeating: "d", count: 1000)] { try await writer.write(part) }
            writer.setTrailers([.eTag: "\"7\"", .contentLength: "5"])
        }
        let client = try await running.connect()
        for _ in 0..<3 {
            let answer = try await client.get("/")
            #expect(answer["transfer-encoding"] == "chunked")
            #expect(answer["content-length"] == nil)
            #expect(answer.text == "abc" + String(repeating: "d", count: 1000))
            // Framing has no place among trailers (RFC 9110, section 6.5.1).
            #expect(answer.trailers.map { "\($0.name.lowercased()): \($0.value)" } == ["etag: \"7\""])
        }
        try await running.end()
    }

    @Test("an empty stream is a response too")
    func empty() async throws {
        let running = try ResponseStreamTests.running { _, _ in }
        let client = try await running.connect()
        for _ in 0..<2 { #expect(try await client.get("/").body.isEmpty) }
        try await running.end()
    }

    @Test("a stream of known length is sent as it is, and the connection goes on")
    func withLength() async throws {
        let running = try ResponseStreamTests.running(length: 6) { writer, _ in
            try await writer.write("abc")
            try await writer.write([])
            try await writer.write("def")
        }
        let client = try await running.connect()
        for _ in 0..<3 {
            let answer = try await client.get("/")
            #expect(answer["content-length"] == "6")
            #expect(answer["transfer-encoding"] == nil)
            #expect(answer.text == "abcdef")
        }
        try await running.end()
    }

    @Test("for HTTP/1.0 the end of the connection is the end of a stream of unknown length")
    func http10() async throws {
        let running = try ResponseStreamTests.running { writer, _ in
            try await writer.write("abc")
            try await writer.write("def")
        }
        let client = try await running.connect()
        try await client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        let answer = try await client.answer()
        #expect(answer["transfer-encoding"] == nil)
        #expect(answer.closes)
        #expect(answer.text == "abcdef")
        try await running.end()
    }

    @Test("what has been written reaches the client while the producer waits")
    func partsLeaveAtOnce() async throws {
        let latch = Latch()
        let running = try ResponseStreamTests.running { writer, _ in
            try await writer.write("first")
            try await latch.pass()
            try await writer.write("second")
        }
        let client = try await running.connect()
        try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        var come = ""
        while !come.hasSuffix("first\r\n") {
            come += String(decoding: try await client.socket.receive(), as: UTF8.self)
        }
        latch.open()
        while !come.hasSuffix("\r\n0\r\n\r\n") {
            come += String(decoding: try await client.socket.receive(), as: UTF8.self)
        }
        #expect(come.hasSuffix("5\r\nfirst\r\n6\r\nsecond\r\n0\r\n\r\n"))
        try await running.end()
    }

    @Test("an error of the producer cuts the body, after what was written", arguments: [nil, 100])
    func producerFails(length: Int?) async throws {
        let running = try ResponseStreamTests.running(length: length) { writer, _ in
            try await writer.write("begun")
            throw Broken()
        }
        let client = try await running.connect()
        let error = await #expect(throws: BrokenAnswer.self) { try await client.get("/") }
        #expect(error?.start == "begun")
        try await running.end()
    }

    @Test("an error of the producer resets an HTTP/1.0 client, which would else take the cut for the end")
    func producerFailsHTTP10() async throws {
        let running = try ResponseStreamTests.running { writer, _ in
            try await writer.write("begun")
            throw Broken()
        }
        let client = try await running.connect(sending: "GET / HTTP/1.0\r\n\r\n")
        let error = await #expect(throws: SocketFailure.self) { try await client.everything() }
        #expect(error?.code == ECONNRESET)
        try await running.waitForConnections(0)
        try await running.end()
    }

    @Test("an HTTP/1.0 client that is given up is reset too, and one that got everything is not")
    func slowHTTP10() async throws {
        let running = try RunningServer { request in
            let count = request.path == "/endless" ? Int.max : 3
            return Response(
                body: ResponseBody { writer in
                    for _ in 0..<count { try await writer.write(Array(repeating: 1, count: 1 << 16)) }
                })
        }
        let client = try await running.connect(sending: "GET /endless HTTP/1.0\r\n\r\n")
        try await running.waitForConnections(1)
        try await running.pass(.seconds(60)) { running.server.connectionCount == 0 }
        let error = await #expect(throws: SocketFailure.self) { try await client.everything() }
        #expect(error?.code == ECONNRESET)
        let other = try await running.connect(sending: "GET / HTTP/1.0\r\n\r\n")
        #expect(try await other.answer().body.count == 3 << 16)
        try await running.end()
    }

    @Test("an error of the producer does not cost the responses before it")
    func producerFailsBehindAnswers() async throws {
        let running = try RunningServer { request in
            guard request.path == "/fails" else { return Response(body: ResponseBody(request.path)) }
            return Response(body: ResponseBody { _ in throw Broken() })
        }
        let client = try await running.connect()
        try await client.send(
            ["/1", "/2", "/fails", "/3"].map { "GET \($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
        #expect(try await client.answer().text == "/1")
        #expect(try await client.answer().text == "/2")
        await #expect(throws: BrokenAnswer.self) { try await client.answer() }
        try await running.end()
    }

    @Test("a stream that is shorter than its length is cut; one that is longer ends with its length")
    func wrongLength() async throws {
        let running = try ResponseStreamTests.running(length: 4) { writer, request in
            if request.path == "/short" { return try await writer.write("abc") }
            try await writer.write("abcd")
            await #expect(throws: CancellationError.self) { try await writer.write("e") }
        }
        let short = try await running.connect()
        await #expect(throws: BrokenAnswer.self) { try await short.get("/short") }
        let long = try await running.connect()
        #expect(try await long.get("/long").text == "abcd")
        #expect(try await long.isAtEnd())
        try await running.end()
    }

    @Test("a client that stops reading stops the producer, and gets everything when it reads on")
    func backPressure() async throws {
        let (count, size) = (1024, 64 << 10)
        let written = Journal<Void>()
        let running = try ResponseStreamTests.running { writer, _ in
            for number in 0..<count {
                try await writer.write(Array(repeating: UInt8(truncatingIfNeeded: number), count: size))
                written.note(())
            }
        }
        let client = try await running.connect()
        try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        var before = -1
        while written.entries.count != before {
            before = written.entries.count
            for _ in 0..<3 { try await running.turn() }
        }
        // 64 MB in all; what the kernel's buffers take is far less.
        #expect(before < count / 2)
        let answer = try await client.answer()
        #expect(answer.body.count == count * size)
        for number in stride(from: 0, to: count, by: 17) {
            #expect(answer.body[number * size + 5] == UInt8(truncatingIfNeeded: number))
        }
        try await running.end()
    }

    @Test("writes of any size arrive whole and in order")
    func sizes() async throws {
        let running = try ResponseStreamTests.running { writer, request in
            guard request.path == "/big" else {
                for number in 0..<5000 { try await writer.write("\(number) ") }
                return
            }
            try await writer.write(Array(repeating: 1, count: 8 << 20))
            try await writer.write([2])
        }
        let client = try await running.connect()
        #expect(try await client.get("/small").text == (0..<5000).map { "\($0) " }.joined())
        let big = try await client.get("/big").body
        #expect(big.count == 8 << 20 + 1)
        #expect(big.last == 2)
        try await running.end()
    }

    @Test("a producer may write from another thread, and several tasks may write at once")
    func otherThreads() async throws {
        let running = try ResponseStreamTests.running { writer, request in
            if request.path == "/elsewhere" {
                return try await Task(executorPreference: globalConcurrentExecutor) {
                    for number in 0..<200 { try await writer.write("\(number) ") }
                }.value
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<8 as Range<UInt8> {
                    group.addTask {
                        for _ in 0..<8 { try await writer.write(Array(repeating: number, count: 30_000)) }
                    }
                }
                try await group.waitForAll()
            }
        }
        let client = try await running.connect()
        #expect(try await client.get("/elsewhere").text == (0..<200).map { "\($0) " }.joined())
        let body = try await client.get("/together").body
        var counts = Array(repeating: 0, count: 8)
        for byte in body { counts[Int(byte)] += 1 }
        #expect(counts == Array(repeating: 240_000, count: 8))
        try await running.end()
    }

    @Test("a write to a client that has gone fails")
    func clientGoes() async throws {
        let (begun, failed) = (Journal<Void>(), Journal<Bool>())
        let running = try ResponseStreamTests.running { writer, _ in
            begun.note(())
            do {
                while true { try await writer.write(Array(repeating: 1, count: 100_000)) }
            } catch {
                failed.note(error is CancellationError)
                throw error
            }
        }
        for resets in [false, true] {
            let client = try await running.connect()
            try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            _ = try await client.socket.receive(count: 1000)
            if resets { client.socket.reset() } else { client.socket.disconnect() }
        }
        #expect(try await failed.wait(forCount: 2) == [true, true])
        try await running.waitForConnections(0)
        try await running.end()
    }

    @Test("a writer that is kept beyond the response is of no use")
    func writerKept() async throws {
        let kept = Journal<any ResponseWriter>()
        let running = try ResponseStreamTests.running { writer, _ in
            kept.note(writer)
            try await writer.write("whole")
        }
        let client = try await running.connect()
        #expect(try await client.get("/").text == "whole")
        await #expect(throws: CancellationError.self) { try await kept.entries[0].write("more") }
        #expect(try await client.get("/").text == "whole")
        try await running.end()
        await #expect(throws: (any Error).self) { try await kept.entries[0].write("more") }
        // It holds its connection, and so its server.
        kept.clear()
    }
}
