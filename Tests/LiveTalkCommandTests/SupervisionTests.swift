import Foundation
import TestSupport
import Testing

/// The command as systemd meets it.
@Suite(.ownThreads) struct SupervisionTests {
    /// A listening socket on a port of the system's choice.
    private func listener() throws -> (socket: Int32, port: UInt16) {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, length) == 0 && listen(socket, 16) == 0
                    && getsockname(socket, $0, &length) == 0
            }
        }
        try #require(result)
        return (socket, UInt16(bigEndian: address.sin_port))
    }

    @Test(
        "passed sockets are served, states are told, the watchdog is fed, SIGHUP reloads, the journal gets priorities"
    )
    func supervised() throws {
        let folder = TemporaryFolder()
        let settings = folder.path + "/livetalk.env"
        func write(_ text: String) throws {
            try text.write(toFile: settings, atomically: true, encoding: .utf8)
        }
        try write("LIVETALK_ALLOWED_HOSTS=localhost\n")
        let listening = try listener()
        let unix = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        try #require(bindUnix(unix, to: folder.path + "/web") == 0 && listen(unix, 16) == 0)
        let service = try SupervisedProcess(
            folder: folder, sockets: [listening.socket, unix],
            arguments: ["--workers", "2", "--env-file", settings],
            environment: ["WATCHDOG_USEC": "30000", "LIVETALK_ALLOWED_HOSTS": "localhost"])
        close(unix)
        #expect(
            service.notification()
                == "READY=1\nSTATUS=Answering on 127.0.0.1:\(listening.port), unix:\(folder.path)/web")
        for _ in 0..<3 { #expect(service.anyNotification() == "WATCHDOG=1") }
        #expect(try HTTPClient(port: listening.port).request("GET", "/").status == 200)

        try write("LIVETALK_ALLOWED_HOSTS=other.example\nLIVETALK_PORT=1\n")
        kill(service.processID, SIGHUP)
        #expect(service.notification().hasPrefix("RELOADING=1\nMONOTONIC_USEC="))
        #expect(service.notification().hasPrefix("READY=1\n"))
        let client = try HTTPClient(port: listening.port)
        #expect(try client.request("GET", "/").status == 400)
        #expect(try client.request("GET", "/readyz").status == 200)

        try write("LIVETALK_ALLOWED_HOSTS=\"\n")
        kill(service.processID, SIGHUP)
        #expect(service.notification().hasPrefix("RELOADING=1\n"))
        #expect(service.notification().hasPrefix("READY=1\n"))
        #expect(try client.request("GET", "/healthz").status == 200)

        let outcome = service.end()
        #expect(service.notification().hasPrefix("STOPPING=1\n"))
        #expect(outcome.status == 0)
        let lines = outcome.log.split(separator: "\n")
        #expect(lines.allSatisfy { $0.wholeMatch(of: /<[3-6]>.*/) != nil }, "\(outcome.log)")
        #expect(
            lines.contains(
                "<5>notice livetalk: reloaded; changed LIVETALK_ALLOWED_HOSTS; needs a restart: LIVETALK_PORT"
            ))
        #expect(lines.contains { $0.hasPrefix("<3>error livetalk: not reloaded: \(settings), line 1") })
        #expect(lines.contains { $0.hasPrefix("<6>127.0.0.1:") && $0.contains(" - GET - /healthz - 200 ") })
        close(listening.socket)
    }

    @Test("the log file is opened anew by SIGHUP, and by SIGUSR1 alone", arguments: [SIGHUP, SIGUSR1])
    func rotation(_ signal: Int32) throws {
        let folder = TemporaryFolder()
        let log = folder.path + "/access.log"
        let listening = try listener()
        let service = try SupervisedProcess(
            folder: folder, sockets: [listening.socket], arguments: ["--access-log", log], environment: [:])
        #expect(service.notification().hasPrefix("READY=1\n"))
        let client = try HTTPClient(port: listening.port)
        #expect(try client.request("GET", "/?first").status == 200)
        try FileManager.default.moveItem(atPath: log, toPath: log + ".1")
        kill(service.processID, signal)
        if signal == SIGHUP {
            #expect(service.notification().hasPrefix("RELOADING=1\n"))
            #expect(service.notification().hasPrefix("READY=1\n"))
        } else {
            // Nobody is told: the file is there when it has been opened.
            for _ in 0..<60_000 where !FileManager.default.fileExists(atPath: log) { _ = poll(nil, 0, 1) }
        }
        #expect(try client.request("GET", "/comments/").status == 200)
        let outcome = service.end()
        #expect(outcome.status == 0)
        #expect(outcome.log.contains("reloaded") == (signal == SIGHUP))
        #expect(try String(contentsOfFile: log + ".1", encoding: .utf8).contains("GET - / - 200"))
        #expect(try String(contentsOfFile: log, encoding: .utf8).contains("GET - /comments/ - 200"))
        close(listening.socket)
    }

    /// Waits until one loop alone is left; false when that takes too long.
    private func oneLoopIsLeft(of processID: pid_t) -> Bool {
        let tasks = "/proc/\(processID)/task"
        for _ in 0..<6000 {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: tasks)) ?? []
            let loops = names.filter {
                (try? String(contentsOfFile: "\(tasks)/\($0)/comm", encoding: .utf8))?.hasPrefix("loop-")
                    == true
            }
            if loops.count == 1 { return true }
            _ = poll(nil, 0, 1)
        }
        return false
    }

    @Test(
        "signals are heard as long as anything runs, a reload is not",
        arguments: [SIGHUP, SIGUSR1, SIGUSR2, SIGINT])
    func late(_ signal: Int32) throws {
        // On which loop the WebSocket is the system decides.
        for _ in 0..<4 {
            let folder = TemporaryFolder()
            let listening = try listener()
            defer { close(listening.socket) }
            let service = try SupervisedProcess(
                folder: folder, sockets: [listening.socket], arguments: ["--workers", "2"], environment: [:])
            #expect(service.notification().hasPrefix("READY=1\n"))
            let client = try HTTPClient(port: listening.port)
            let comment = #"{"talk_id":1,"user_ip":"::1","comment_text":"kept"}"#
            #expect(try client.request("POST", "/comments/", json: comment).status == 200)
            try client.openWebSocket("/chat")
            kill(service.processID, SIGTERM)
            #expect(client.hearsGoodbye())
            // It gets no response.
            #expect(oneLoopIsLeft(of: service.processID))
            kill(service.processID, signal)
            let outcome = service.end()
            #expect(outcome.status == 0, "\(outcome.log)")
            #expect(!outcome.log.contains("reloaded"))
            let log = try? FileManager.default.attributesOfItem(atPath: folder.path + "/comments.db-wal")
            #expect(log?[.size] as? Int ?? 0 == 0)
        }
    }

    @Test("livetalk health answers with its status")
    func health() throws {
        let folder = TemporaryFolder()
        let service = try LiveTalkProcess(database: folder.database)
        let healthy = try LiveTalkProcess.run(["health", "--port", "\(service.port)"])
        #expect(healthy.status == 0)
        #expect(healthy.error.isEmpty)
        let everywhere = try LiveTalkProcess.run(
            ["health"], environment: ["LIVETALK_HOST": "0.0.0.0", "LIVETALK_PORT": "\(service.port)"])
        #expect(everywhere.status == 0)
        #expect(service.end(SIGTERM) == 0)
        let dead = try LiveTalkProcess.run(["health", "--port", "\(service.port)"])
        #expect(dead.status == 1)
        #expect(dead.error == "livetalk: 127.0.0.1:\(service.port): Connection refused\n")
    }
}
