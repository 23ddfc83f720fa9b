import CraneLoop
import Glibc
import TestSupport
import Testing

@Suite("Listeners", .serialized, .timeLimit(.minutes(5)))
struct ListenerTests {
    private static let hasIPv6 = (try? ListeningSocket.bindLocal(host: "::1")) != nil

    /// A client says something and is heard.
    private func exchange(_ client: RawSocket, with listening: ListeningLoop, number: Int = 0) async throws {
        try await client.send(Array("hello".utf8))
        let connection = try await listening.accepted.wait(forCount: number + 1)[number]
        try await connection.journal.wait { $0.bytes == Array("hello".utf8) }
    }

    @Test("a listener on IPv4 accepts, and knows the peer's address")
    func ipv4() async throws {
        let listening = try ListeningLoop()
        let port = try await listening.listen { try .bindLocal() }
        #expect(port > 0)
        let client = try await RawSocket(port: port)
        try await exchange(client, with: listening)
        let connection = listening.accepted.entries[0]
        let peer = try await listening.running.on { _ in connection.peerAddress?.ipv4 }
        #expect(peer?.address == 0x7F00_0001)
        #expect(peer.map { Int($0.port) } == client.port)
        #expect(try await listening.running.on { _ in connection.isUnix } == false)
        #expect(try await listening.running.end() == 0)
    }

    @Test("a listener on IPv6 accepts, and knows the peer's address", .enabled(if: hasIPv6))
    func ipv6() async throws {
        let listening = try ListeningLoop()
        let port = try await listening.listen { try .bindLocal(host: "::1") }
        let client = try await RawSocket(port: port, ipv6: true)
        try await exchange(client, with: listening)
        let connection = listening.accepted.entries[0]
        let peer = try await listening.running.on { _ in connection.peerAddress?.ipv6 }
        #expect(peer?.high == 0)
        #expect(peer?.low == 1)
        #expect(try await listening.running.end() == 0)
    }

    @Test("a listener on every IPv6 address serves IPv4 too", .enabled(if: hasIPv6))
    func dualStack() async throws {
        let listening = try ListeningLoop()
        let port = try await listening.listen { try .bindLocal(host: "::") }
        try await exchange(try await RawSocket(port: port), with: listening)
        try await exchange(try await RawSocket(port: port, ipv6: true), with: listening, number: 1)
        #expect(try await listening.running.end() == 0)
    }

    @Test("a listener on a Unix socket accepts; its peers have no address")
    func unix() async throws {
        let scratch = try ScratchDirectory(names: "socket")
        let path = scratch.path + "/socket"
        let listening = try ListeningLoop()
        try await listening.listen { try .bind(unixPath: path) }
        let client = try await RawSocket(unixPath: path)
        try await exchange(client, with: listening)
        let connection = listening.accepted.entries[0]
        #expect(try await listening.running.on { _ in connection.isUnix && connection.peerAddress == nil })
        #expect(try await listening.running.end() == 0)
    }

    @Test("a socket file that nobody listens on any more is replaced")
    func staleSocketFile() async throws {
        let scratch = try ScratchDirectory(names: "socket")
        let path = scratch.path + "/socket"
        for _ in 0..<2 {
            let listening = try ListeningLoop()
            try await listening.listen { try .bind(unixPath: path) }
            try await exchange(try await RawSocket(unixPath: path), with: listening)
            #expect(try await listening.running.end() == 0)
        }
    }

    @Test("a socket file that somebody listens on is not replaced")
    func servedSocketFile() async throws {
        let scratch = try ScratchDirectory(names: "socket")
        let path = scratch.path + "/socket"
        let listening = try ListeningLoop()
        try await listening.listen { try .bind(unixPath: path) }
        #expect(throws: UVError.addressInUse) { _ = try ListeningSocket.bind(unixPath: path) }
        try await exchange(try await RawSocket(unixPath: path), with: listening, number: 1)
        #expect(try await listening.running.end() == 0)
    }

    @Test(
        "a Unix socket's file has its mode whatever the umask, and goes when nobody listens",
        arguments: [0o660, 0o600, 0o666])
    func socketFileMode(mode: UInt32) async throws {
        let scratch = try ScratchDirectory(names: "socket")
        let path = scratch.path + "/socket"
        let listening = try ListeningLoop()
        try await listening.listen { try .bind(unixPath: path, mode: mode) }
        var status = stat()
        unsafe #expect(lstat(path, &status) == 0)
        #expect(status.st_mode & 0o7777 == mode)
        #expect(try await listening.running.end() == 0)
        unsafe #expect(lstat(path, &status) != 0)
    }

    @Test("a file that has taken the place of a Unix socket's is not removed at its end")
    func foreignSocketFile() async throws {
        let scratch = try ScratchDirectory(names: "socket", "other")
        let path = scratch.path + "/socket"
        let (first, second) = (try ListeningLoop(), try ListeningLoop())
        try await first.listen { try .bind(unixPath: path) }
        try #require(unsafe unlink(path) == 0)
        // The next inode of the file system, which may be the number that was just free.
        try await second.listen { try .bind(unixPath: path) }
        #expect(try await first.running.end() == 0)
        try await exchange(try await RawSocket(unixPath: path), with: second)
        try #require(unsafe rename(path, scratch.path + "/other") == 0)
        let file = unsafe creat(path, 0o600)
        _ = close(file)
        #expect(try await second.running.end() == 0)
        unsafe #expect(access(path, F_OK) == 0)
    }

    @Test("a Unix socket that is bound and not yet served is nobody else's to replace")
    func boundSocketFile() throws {
        let scratch = try ScratchDirectory(names: "socket")
        let path = scratch.path + "/socket"
        let socket = try ListeningSocket.bind(unixPath: path)
        #expect(throws: UVError.addressInUse) { _ = try ListeningSocket.bind(unixPath: path) }
        _ = socket.isUnix
    }

    @Test("of many that start on one dead socket at the same time exactly one has it")
    func deadSocketFile() async throws {
        let scratch = try ScratchDirectory(names: "socket")
        let path = scratch.path + "/socket"
        for _ in 0..<20 {
            // Bound by another name of the file, which stays behind.
            do {
                let dead = try ListeningSocket.bind(unixPath: path)
                try #require(unsafe link(path, path + "2") == 0)
                _ = dead.isUnix
            }
            try #require(unsafe rename(path + "2", path) == 0)
            let (ready, start, end) = (Journal<Void>(), Gate(), Gate())
            let (outcomes, gone) = (Journal<UVError?>(), Journal<Void>())
            for _ in 0..<8 {
                startThread {
                    ready.note(())
                    start.pass()
                    do {
                        let bound = try ListeningSocket.bind(unixPath: path)
                        outcomes.note(nil)
                        end.pass()
                        _ = bound.isUnix
                    } catch {
                        outcomes.note(error as? UVError)
                    }
                    gone.note(())
                }
            }
            try await ready.wait(forCount: 8)
            start.open()
            let all = try await outcomes.wait(forCount: 8)
            #expect(all.count { $0 == nil } == 1)
            #expect(all.allSatisfy { $0 == nil || $0 == .addressInUse })
            // The one that says so listens.
            _ = try await RawSocket(unixPath: path)
            end.open()
            try await gone.wait(forCount: 8)
        }
    }

    @Test("a file that is no socket is neither replaced nor removed")
    func plainFile() throws {
        let scratch = try ScratchDirectory(names: "file")
        let path = scratch.path + "/file"
        let file = unsafe creat(path, 0o600)
        try #require(file >= 0)
        _ = close(file)
        #expect(throws: UVError.addressInUse) { _ = try ListeningSocket.bind(unixPath: path) }
        unsafe #expect(access(path, F_OK) == 0)
    }

    @Test("what is wrong with a Unix socket's path is told as it is")
    func badPaths() throws {
        let scratch = try ScratchDirectory()
        #expect(throws: UVError(code: -ENOENT)) {
            _ = try ListeningSocket.bind(unixPath: scratch.path + "/no/socket")
        }
        for path in ["", scratch.path + String(repeating: "x", count: 108)] {
            #expect(throws: UVError(code: -ENAMETOOLONG)) { _ = try ListeningSocket.bind(unixPath: path) }
        }
    }

    @Test("a taken port is an error that says so")
    func takenPort() async throws {
        let listening = try ListeningLoop()
        let port = try await listening.listen { try .bindLocal() }
        #expect(throws: UVError.addressInUse) { _ = try ListeningSocket.bindLocal(port: port) }
        #expect(UVError.addressInUse.description == "address already in use")
        #expect(try await listening.running.end() == 0)
        // Its port is free again at once.
        _ = try ListeningSocket.bindLocal(port: port)
    }

    @Test("two loops may share a port when both ask for it")
    func sharedPort() async throws {
        let accepted = Journal<Int>()
        var port = 0
        var loops: [RunningLoop] = []
        for number in 0..<2 {
            let running = try RunningLoop()
            port = try await running.on { [port] loop in
                let socket = try ListeningSocket.bindLocal(port: port, sharesPort: true)
                let port = socket.address?.port ?? 0
                _ = try StreamListener(on: socket, loop: loop) {
                    accepted.note(number)
                    return StreamConnection(loop: loop)
                }
                return port
            }
            loops.append(running)
        }
        // The system gives each connection to one of them by its addresses.
        var clients: [RawSocket] = []
        while Set(accepted.entries).count < 2 {
            try #require(clients.count < 200)
            clients.append(try await RawSocket(port: port))
            try await accepted.wait(forCount: clients.count)
        }
        for running in loops { #expect(try await running.end() == 0) }
    }

    @Test(
        "a descriptor that somebody else has bound is taken over, listening or not", arguments: [false, true])
    func inherited(listens: Bool) async throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let bound = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(bound == 0)
        if listens { try #require(listen(descriptor, 16) == 0) }
        let listening = try ListeningLoop()
        let port = try await listening.listen { try .inherit(descriptor) }
        try await exchange(try await RawSocket(port: port), with: listening)
        #expect(fcntl(descriptor, F_GETFD) == FD_CLOEXEC)
        #expect(try await listening.running.end() == 0)
    }

    @Test("a descriptor that is no listening socket's is refused")
    func notASocket() throws {
        let file = unsafe open("/dev/null", O_RDONLY)
        defer { close(file) }
        #expect(throws: UVError(code: -ENOTSOCK)) { _ = try ListeningSocket.inherit(file) }
        #expect(throws: UVError(code: -EBADF)) { _ = try ListeningSocket.inherit(-1) }
        #expect(fcntl(file, F_GETFD) >= 0)
    }

    @Test("copies of one descriptor serve two loops")
    func duplicate() async throws {
        let scratch = try ScratchDirectory(names: "socket")
        let path = scratch.path + "/socket"
        let (first, second) = (try ListeningLoop(), try ListeningLoop())
        let copies = Journal<(Int32, SocketFile?)>()
        try await first.listen {
            let socket = try ListeningSocket.bind(unixPath: path)
            copies.note((try socket.duplicate().release(), socket.file))
            return socket
        }
        let copy = copies.entries[0].0
        try await second.listen { try .inherit(copy) }
        #expect(try await first.running.end() == 0)
        // The second goes on when the first has gone.
        try await exchange(try await RawSocket(unixPath: path), with: second)
        #expect(try await second.running.end() == 0)
        unsafe #expect(access(path, F_OK) == 0)
        copies.clear()
        unsafe #expect(access(path, F_OK) != 0)
    }

    @Test("host names and numbers become addresses; what is no port or no host is an error")
    func resolving() throws {
        #expect(try SocketAddress.resolve(host: "127.0.0.1", port: 80).map(\.port) == [80])
        #expect(try SocketAddress.resolve(host: "::1", port: 443).first?.ipv6?.low == 1)
        #expect(try !SocketAddress.resolve(host: "localhost", port: 0).isEmpty)
        #expect(throws: UVError.invalid) { try SocketAddress.resolve(host: "127.0.0.1", port: 65536) }
        #expect(throws: UVError.invalid) { try SocketAddress.resolve(host: "127.0.0.1", port: -1) }
        #expect(throws: UVError.self) { try SocketAddress.resolve(host: "no host", port: 1) }
    }
}
