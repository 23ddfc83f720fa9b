import CraneHTTP
import CraneServer
import Glibc
import HTTPTypes
import Logging
import TestSupport
import Testing

extension ShutdownTests {
    @Test("work after the response and work that was spawned is waited for")
    func background() async throws {
        let (latch, done) = (Latch(), Journal<String>())
        let running = try RunningServer { request in
            request.connection.loop.spawn {
                try? await latch.pass()
                // Work that has left the loop is waited for too.
                _ = try? await onThread {}
                done.note("spawned")
            }
            var response = Response()
            response.afterSend = {
                try? await latch.pass()
                done.note("after")
            }
            return response
        }
        let client = try await running.connect()
        _ = try await client.get("/")
        running.server.shutdown()
        #expect(try await client.isAtEnd())
        #expect(running.ended.entries.isEmpty)
        latch.open()
        try await running.waitForEnd()
        #expect(Set(done.entries) == ["spawned", "after"])
    }

    @Test("the deadline ends what does not end by itself")
    func deadline() async throws {
        let (begun, outcomes) = (Journal<Void>(), Journal<Bool>())
        let running = try RunningServer(.test { $0.shutdownDeadline = .milliseconds(100) }) { request in
            begun.note(())
            do {
                try await request.connection.loop.sleep(for: .seconds(3600))
            } catch {
                outcomes.note(Task.isCancelled)
            }
            return Response()
        }
        let client = try await running.connect()
        try await client.send(ShutdownTests.get)
        try await begun.wait(forCount: 1)
        running.server.shutdown()
        try await running.waitForEnd()
        #expect(try await client.isAtEnd())
        #expect(outcomes.entries == [true])
    }

    @Test(
        "a task that waits for the end begins the graceful shutdown when it is cancelled", arguments: [1, 2])
    func cancelledWait(workers: Int) async throws {
        let (latch, begun) = (Latch(), Journal<Void>())
        let running = try RunningServer(.test { $0.workers = workers }) { request in
            begun.note(())
            try? await latch.pass()
            return Response(body: ResponseBody("finished"))
        }
        let (server, ended) = (running.server, Journal<Void>())
        let waiting = Task {
            await server.waitUntilStopped()
            ended.note(())
        }
        let client = try await running.connect(sending: ShutdownTests.get)
        try await begun.wait(forCount: 1)
        waiting.cancel()
        // The server's own end of the waiting, as the client sees it.
        while (try? await running.connect()) != nil {}
        #expect(ended.entries.isEmpty)
        latch.open()
        #expect(try await client.answer().text == "finished")
        client.socket.disconnect()
        await waiting.value
        try await running.waitForEnd()
        // It has ended for whoever asks later.
        await server.waitUntilStopped()
    }

    @Test("run() starts, and ends when its task is cancelled; one that cannot start throws")
    func run() async throws {
        let started = Journal<Void>()
        let configuration = ServerConfiguration.test { configuration in
            configuration.onShutdown = { started.note(()) }
        }
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let responder = RunningServer.Answering(answer: { _ in .ready(Response()) }, refusals: Journal())
        let server = Server(responder: responder, configuration: configuration, logger: logger)
        let task = Task { try await server.run() }
        task.cancel()
        try await task.value
        #expect(started.entries.count == 1)
        #expect(server.hasClosedEverything)
        let other = try RunningServer { _ in Response() }
        let second = Server(
            responder: responder,
            configuration: .test { $0.addresses = [.host("127.0.0.1", port: other.port)] },
            logger: logger)
        await #expect(throws: ServerError.self) { try await second.run() }
        try await other.end()
    }

    @Test("the deadline waits for no blocking work, however long that takes", arguments: [1, 2])
    func blockedWorkers(workers: Int) async throws {
        let (begun, outcomes, gate) = (Journal<Void>(), Journal<String>(), Gate())
        let running = try RunningServer(
            .test {
                $0.workers = workers
                $0.shutdownDeadline = .milliseconds(100)
            }
        ) { request in
            let loop = request.connection.loop
            let work: @Sendable () async -> Void = {
                do {
                    try await loop.blocking {
                        begun.note(())
                        gate.pass()
                    }
                } catch {
                    outcomes.note("\(type(of: error))")
                }
            }
            guard request.path == "/" else {
                loop.spawn(work)
                return Response()
            }
            await work()
            return Response()
        }
        // More than there are threads, so that some wait for one.
        var clients: [Client] = []
        for number in 0..<40 {
            let path = number % 2 == 0 ? "/" : "/spawned"
            clients.append(try await running.connect(sending: "GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n"))
        }
        try await begun.wait(forCount: 20)
        running.server.shutdown()
        try await running.waitForEnd()
        #expect(Set(outcomes.entries) == ["CancellationError"])
        gate.open()
    }

    @Test("a second shutdown ends at once, and any further one does nothing")
    func again() async throws {
        let begun = Journal<Void>()
        let running = try RunningServer(.test { $0.shutdownDeadline = .seconds(3600) }) { request in
            begun.note(())
            // Does not heed that it is cancelled, but cannot sleep on a loop that ends.
            for _ in 0..<10 { try? await request.connection.loop.sleep(for: .seconds(3600)) }
            return Response()
        }
        let client = try await running.connect()
        try await client.send(ShutdownTests.get)
        try await begun.wait(forCount: 1)
        running.server.shutdown()
        running.server.shutdown()
        try await running.waitForEnd()
        running.server.shutdown()
        await running.server.waitUntilStopped()
        #expect(try await client.isAtEnd())
    }

    @Test(
        "a handler that waits elsewhere when the server has ended goes no further and breaks nothing",
        .disabled(if: isLeakChecked))
    func waitsElsewhere() async throws {
        let (begun, gate) = (Journal<Void>(), Gate())
        let running = try RunningServer { request in
            begun.note(())
            _ = try? await onThread { gate.pass() }
            Issue.record("went on without its loop")
            return Response()
        }
        let client = try await running.connect()
        try await client.send(ShutdownTests.get)
        try await begun.wait(forCount: 1)
        try await running.end()
        gate.open()
        #expect(try await client.isAtEnd())
    }

    @Test("every request that was accepted under load is answered", arguments: [1, 2])
    func load(workers: Int) async throws {
        for delays in [false, true] {
            let served = Counter()
            let enough = Journal<Void>()
            let running = try RunningServer(.test { $0.workers = workers }) { request in
                if served.increment() == 400 { enough.note(()) }
                if delays { try? await request.connection.loop.sleep(for: .milliseconds(1)) }
                return Response(body: ResponseBody("answer"))
            }
            let clients = (0..<16).map { _ in
                Task {
                    var answers = 0
                    guard let client = try? await running.connect() else { return 0 }
                    do {
                        while true {
                            let answer = try await client.get("/")
                            #expect(answer.text == "answer")
                            answers += 1
                            if answer.closes { break }
                        }
                    } catch is BrokenAnswer {
                        // Closed while it idled; nothing of a response had come.
                        #expect(client.rest.isEmpty)
                    } catch {
                        // A request that met the close.
                    }
                    return answers
                }
            }
            try await enough.wait(forCount: 1)
            running.server.shutdown()
            var answers = 0
            for client in clients { answers += await client.value }
            try await running.waitForEnd()
            #expect(answers == served.value)
        }
    }

    @Test("new connections that the kernel has accepted are served under load", arguments: [1, 2])
    func newConnections(workers: Int) async throws {
        let (served, enough) = (Counter(), Journal<Void>())
        let running = try RunningServer(.test { $0.workers = workers }) { _ in
            if served.increment() == 100 { enough.note(()) }
            return Response(headers: [.connection: "close"], body: ResponseBody("answer"))
        }
        let clients = (0..<8).map { _ in
            Task {
                var answers = 0
                while let client = try? await running.connect(),
                    (try? await client.get("/"))?.text == "answer"
                {
                    answers += 1
                }
                return answers
            }
        }
        try await enough.wait(forCount: 1)
        running.server.shutdown()
        var answers = 0
        for client in clients { answers += await client.value }
        try await running.waitForEnd()
        #expect(answers == served.value)
    }

    @Test("an ended server lets go of its responder")
    func release() async throws {
        final class Held: Sendable {}
        final class Watched: @unchecked Sendable { weak var responder: Held? }
        let (held, watched) = (Journal<Void>(), Watched())
        do {
            let object = Held()
            watched.responder = object
            let running = try RunningServer { [object] _ in
                _ = object
                held.note(())
                return Response()
            }
            let client = try await running.connect()
            for _ in 0..<3 { _ = try await client.get("/") }
            running.server.shutdown()
            #expect(try await client.isAtEnd())
            try await running.waitForEnd()
        }
        #expect(held.entries.count == 3)
        // The threads that ran it and waited for its end hold it for a moment more.
        try await onThread {
            for _ in 0..<5000 where watched.responder != nil { _ = poll(nil, 0, 2) }
        }
        #expect(watched.responder == nil)
    }
}
