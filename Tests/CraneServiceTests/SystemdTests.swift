import Foundation
import Glibc
import Testing

@testable import CraneService

@Suite("Under systemd")
struct SystemdTests {
    /// A datagram socket at a path, or at an abstract name that begins with `@`.
    private func receiver(_ name: String) throws -> Int32 {
        let socket = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var bytes = Array(name.utf8)
        if name.hasPrefix("@") { bytes[0] = 0 }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
        let result = unsafe withUnsafePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(socket, $0, socklen_t(2 + bytes.count))
            }
        }
        try #require(result == 0)
        return socket
    }

    private func message(_ socket: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = unsafe recv(socket, &bytes, bytes.count, Int32(MSG_DONTWAIT))
        return String(decoding: bytes[..<max(0, count)], as: UTF8.self)
    }

    @Test("the manager is told each state, at a path and at an abstract name", arguments: [true, false])
    func notifications(isAbstract: Bool) throws {
        let name = (isAbstract ? "@" : NSTemporaryDirectory()) + "livetalk-" + UUID().uuidString
        let socket = try receiver(name)
        defer {
            close(socket)
            _ = unsafe unlink(name)
        }
        let notifier = ServiceNotifier(environment: ["NOTIFY_SOCKET": name])
        notifier.ready("Answering on [::1]:80")
        #expect(message(socket) == "READY=1\nSTATUS=Answering on [::1]:80")
        notifier.reloading()
        #expect(message(socket).wholeMatch(of: /RELOADING=1\nMONOTONIC_USEC=\d+/) != nil)
        notifier.alive()
        #expect(message(socket) == "WATCHDOG=1")
        notifier.stopping("Done")
        #expect(message(socket) == "STOPPING=1\nSTATUS=Done")
    }

    @Test("nobody is told anything without a manager, or at an address that cannot be")
    func silent() {
        for environment in [
            [:], ["NOTIFY_SOCKET": ""], ["NOTIFY_SOCKET": "vsock:2:1"], ["NOTIFY_SOCKET": "/nonexistent/x"],
            ["NOTIFY_SOCKET": "/" + String(repeating: "x", count: 200)],
        ] {
            ServiceNotifier(environment: environment).alive()
        }
    }

    @Test("the watchdog is fed when it waits for this process")
    func watchdog() {
        func interval(_ environment: [String: String]) -> Duration? {
            ServiceNotifier(environment: environment).watchdogInterval
        }
        #expect(interval(["WATCHDOG_USEC": "20000000"]) == .seconds(20))
        #expect(interval(["WATCHDOG_USEC": "20000000", "WATCHDOG_PID": "\(getpid())"]) == .seconds(20))
        #expect(interval(["WATCHDOG_USEC": "20000000", "WATCHDOG_PID": "1"]) == nil)
        for text in ["", "0", "-1", "soon"] { #expect(interval(["WATCHDOG_USEC": text]) == nil) }
        #expect(interval([:]) == nil)
    }

    @Test("passed sockets are taken when they are meant for this process and accept connections")
    func passedSockets() throws {
        func passed(_ pid: Int32, _ count: String, first: Int32) throws -> [Int32] {
            let environment = ["LISTEN_PID": "\(pid)", "LISTEN_FDS": count, "LISTEN_FDNAMES": "web"]
            return try PassedSockets(environment: environment, first: first).descriptors
        }
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        #expect(try passed(1, "1", first: socket) == [])
        #expect(try PassedSockets(environment: [:]).descriptors == [])
        let error = #expect(throws: StartError.self) { try passed(getpid(), "1", first: socket) }
        #expect(error?.description.contains("(web)") == true)
        #expect(throws: StartError.self) { try passed(getpid(), "many", first: socket) }
        listen(socket, 1)
        #expect(try passed(getpid(), "1", first: socket) == [socket])
    }

    @Test("the journal is known by its device and inode")
    func journal() {
        var status = stat()
        unsafe fstat(STDERR_FILENO, &status)
        let own = "\(status.st_dev):\(status.st_ino)"
        #expect(Journal.readsStandardError(environment: ["JOURNAL_STREAM": own]))
        for other in ["\(status.st_dev):1", "", "8", own + ":1"] {
            #expect(!Journal.readsStandardError(environment: ["JOURNAL_STREAM": other]))
        }
        #expect(!Journal.readsStandardError(environment: [:]))
    }
}
