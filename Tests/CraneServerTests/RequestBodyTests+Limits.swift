import CraneHTTP
import CraneServer
import HTTPTypes
import TestSupport
import Testing

extension RequestBodyTests {
    @Test(
        "a body over the limit gets the handler's 413, which a client reads that has sent everything first",
        arguments: ["Content-Length: 1000000", "Transfer-Encoding: chunked"])
    func overLimit(framing: String) async throws {
        let running = try RunningServer(.test { $0.maximumBodySize = 100_000 }) {
            await RequestBodyTests.echo($0)
        }
        let client = try await running.connect()
        let body = String(repeating: "x", count: 1_000_000)
        try await client.send(
            RequestBodyTests.head(framing)
                + (framing.hasPrefix("T") ? "f4240\r\n\(body)\r\n0\r\n\r\n" : body))
        let answer = try await client.answer()
        #expect(answer.status == 413)
        #expect(answer.text == "tooLarge")
        #expect(answer.closes)
        #expect(try await client.isAtEnd())
        try await running.end()
    }

    @Test("a handler's own limit does not end the connection when the body is short enough to be thrown away")
    func handlersLimit() async throws {
        let running = try RunningServer { request in
            do {
                return Response(body: ResponseBody(try await request.body.collect(upTo: 10)))
            } catch {
                return Response(status: .contentTooLarge)
            }
        }
        let client = try await running.connect()
        try await client.send(RequestBodyTests.head("Content-Length: 20"))
        try await client.send(String(repeating: "x", count: 20))
        #expect(try await client.answer().status == 413)
        #expect(try await client.post("/", "short").text == "short")
        try await running.end()
    }

    @Test(
        "a short body that nobody reads is thrown away and the connection goes on",
        arguments: ["Content-Length: 100000", "Transfer-Encoding: chunked"])
    func unreadShort(framing: String) async throws {
        let running = try RunningServer { request in
            request.method == .post ? Response(status: .notFound) : Response(body: ResponseBody("next"))
        }
        let client = try await running.connect()
        let body = String(repeating: "x", count: 100_000)
        for _ in 0..<3 {
            try await client.send(RequestBodyTests.head(framing))
            try await running.turn()
            try await client.send(framing.hasPrefix("T") ? "186a0\r\n\(body)\r\n0\r\n\r\n" : body)
            let answer = try await client.answer()
            #expect(answer.status == 404)
            #expect(!answer.closes)
            #expect(try await client.get("/").text == "next")
        }
        try await running.end()
    }

    @Test("a long body that nobody reads ends the connection after the response")
    func unreadLong() async throws {
        let running = try RunningServer { _ in Response(status: .notFound) }
        let client = try await running.connect()
        try await client.send(RequestBodyTests.head("Content-Length: 10000000"))
        let answer = try await client.answer()
        #expect(answer.status == 404)
        #expect(answer.closes)
        #expect(try await client.isAtEnd())
        try await running.end()
    }

    @Test("a long chunked body that nobody reads ends the connection, with the response to be read")
    func unreadEndless() async throws {
        let running = try RunningServer { _ in Response(status: .notFound) }
        let client = try await running.connect()
        try await client.send(RequestBodyTests.head("Transfer-Encoding: chunked"))
        let chunk = "10000\r\n" + String(repeating: "x", count: 65536) + "\r\n"
        #expect(try await client.answer().status == 404)
        // The end comes while the client still sends.
        let sender = Task {
            while !Task.isCancelled { try await client.send(chunk) }
        }
        _ = try? await client.everything()
        sender.cancel()
        _ = await sender.result
        // It is silent now.
        await running.pass(.seconds(5))
        try await running.waitForConnections(0)
        try await running.end()
    }

    @Test(
        "broken chunks are the handler's to answer, and end the connection",
        arguments: [
            "x\r\n", "3\nabc\r\n0\r\n\r\n", "3\r\nabcd\r\n0\r\n\r\n", "-3\r\nabc\r\n",
            "11111111111111111\r\n",
            "3\r\nabc\r\n0\r\nbad trailer\r\n\r\n",
        ])
    func brokenChunks(body: String) async throws {
        let running = try RunningServer { await RequestBodyTests.echo($0) }
        // With the head, and after it.
        for comesLater in [false, true] {
            let client = try await running.connect()
            try await client.send(
                RequestBodyTests.head("Transfer-Encoding: chunked") + (comesLater ? "" : body))
            if comesLater {
                try await running.turn()
                try await client.send(body)
            }
            let answer = try await client.answer()
            #expect(answer.status == 400)
            #expect(answer.closes)
            #expect(try await client.isAtEnd())
        }
        try await running.end()
    }

    @Test("a client that goes inside its body ends the reading", arguments: [false, true])
    func aborted(resets: Bool) async throws {
        let (begun, failures) = (Journal<Void>(), Journal<RequestBodyError?>())
        let running = try RunningServer { request in
            begun.note(())
            do {
                _ = try await request.body.collect()
            } catch {
                failures.note(error as? RequestBodyError)
            }
            return Response(status: .badRequest)
        }
        for framing in ["Content-Length: 10", "Transfer-Encoding: chunked"] {
            let client = try await running.connect()
            try await client.send(RequestBodyTests.head(framing) + "5\r\nab")
            try await begun.wait(forCount: failures.entries.count + 1)
            if resets { client.socket.reset() } else { client.socket.disconnect() }
            try await failures.wait(forCount: begun.entries.count)
        }
        #expect(failures.entries == [.aborted, .aborted])
        try await running.waitForConnections(0)
        try await running.end()
    }

    @Test("a body that its client ends half-way is answered all the same")
    func halfBody() async throws {
        let running = try RunningServer { await RequestBodyTests.echo($0) }
        let client = try await running.connect()
        try await client.send(RequestBodyTests.head("Content-Length: 10") + "abc")
        client.socket.shutdownWriting()
        let answer = try await client.answer()
        #expect(answer.status == 400)
        #expect(answer.text == "aborted")
        #expect(try await client.isAtEnd())
        try await running.end()
    }

    @Test("a body may be read on another thread, and by a task of its own")
    func readElsewhere() async throws {
        let running = try RunningServer { request in
            await Task(executorPreference: globalConcurrentExecutor) { await RequestBodyTests.echo(request) }
                .value
        }
        let client = try await running.connect()
        for _ in 0..<20 {
            try await client.send(RequestBodyTests.head("Content-Length: 200000"))
            for _ in 0..<20 { try await client.send(String(repeating: "x", count: 10_000)) }
            #expect(try await client.answer().body.count == 200_000)
        }
        try await running.end()
    }

    @Test("a reader that is cancelled does not take that for the body's end, and the next reader goes on")
    func readerCancelled() async throws {
        let outcomes = Journal<String>()
        let running = try RunningServer { request in
            for waits in [true, false] {
                let reader = Task {
                    do {
                        if !waits { unsafe withUnsafeCurrentTask { task in unsafe task?.cancel() } }
                        outcomes.note("\(try await request.body.collect().count)")
                    } catch {
                        outcomes.note(error is CancellationError ? "cancelled" : "\(error)")
                    }
                }
                if waits {
                    try? await request.connection.loop.sleep(for: .milliseconds(5))
                    reader.cancel()
                }
                await reader.value
            }
            return await RequestBodyTests.echo(request)
        }
        let client = try await running.connect()
        try await client.send(RequestBodyTests.head("Content-Length: 3"))
        try await outcomes.wait(forCount: 2)
        try await client.send("abc")
        #expect(try await client.answer().text == "abc")
        #expect(outcomes.entries == ["cancelled", "cancelled"])
        try await running.end()
    }

    @Test("what is left of a body is not taken for a request when somebody else is still reading it")
    func twoReaders() async throws {
        let (paths, outcomes) = (Journal<String>(), Journal<RequestBodyError?>())
        let running = try RunningServer { request in
            paths.note(request.path)
            guard request.path == "/read" else { return Response() }
            request.connection.loop.spawn {
                do {
                    _ = try await request.body.collect()
                    outcomes.note(nil)
                } catch {
                    outcomes.note(error as? RequestBodyError)
                }
            }
            return Response(body: ResponseBody("not read"))
        }
        let smuggled = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"
        let client = try await running.connect()
        try await client.send(
            RequestBodyTests.head("Content-Length: \(smuggled.utf8.count + 5)", path: "/read"))
        #expect(try await client.answer().text == "not read")
        try await client.send("12345" + smuggled)
        #expect(try await client.isAtEnd())
        // The reader that was left behind hears that no more comes.
        #expect(try await outcomes.wait(forCount: 1) == [.aborted])
        #expect(!paths.entries.contains("/smuggled"))
        try await running.end()
    }
}
