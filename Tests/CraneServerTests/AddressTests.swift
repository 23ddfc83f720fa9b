import CraneHTTP
import CraneLoop
import Glibc
import HTTPTypes
import Logging
import TestSupport
import Testing

@testable import CraneServer

@Suite("Where a server listens", .serialized, .timeLimit(.minutes(5)))
struct AddressTests {
    private static func peer(_ request: Request) -> Response {
        Response(body: ResponseBody("\(request.peer.ip.map { "\($0)" } ?? "none") \(request.peer.port)"))
    }

    private static func port(_ address: BindAddress) -> Int? {
        if case .host(_, let port) = address { port } else { nil }
    }

    private static func hasIPv6() -> Bool {
        let running = try? RunningServer(.test { $0.addresses = [.host("::1", port: 0)] }, answer: peer)
        running?.server.shutdown()
        return running != nil
    }

    @Test("the peer's address is the handler's to see")
    func peerAddress() async throws {
        let running = try RunningServer { AddressTests.peer($0) }
        let client = try await running.connect()
        #expect(try await client.get("/").text == "127.0.0.1 \(client.socket.port)")
        #expect(running.addresses == [.host("127.0.0.1", port: running.port)])
        try await running.end()
    }

    @Test("a server listens on IPv6", .enabled(if: hasIPv6()), arguments: [1, 2])
    func ipv6(workers: Int) async throws {
        let running = try RunningServer(
            .test {
                $0.addresses = [.host("::1", port: 0)]
                $0.workers = workers
            }
        ) { AddressTests.peer($0) }
        let client = Client(try await RawSocket(port: running.port, ipv6: true))
        #expect(try await client.get("/").text.hasPrefix("::1 "))
        #expect(running.addresses[0].description == "[::1]:\(running.port)")
        try await running.end()
    }

    @Test(
        "a server listens on a Unix socket, whose peers have no address, with any number of loops",
        arguments: [1, 3])
    func unix(workers: Int) async throws {
        let scratch = try ScratchDirectory(names: "socket")
        let path = scratch.path + "/socket"
        for _ in 0..<2 {
            let running = try RunningServer(
                .test {
                    $0.addresses = [.unix(path)]
                    $0.workers = workers
                }
            ) { AddressTests.peer($0) }
            for _ in 0..<5 {
                let client = Client(try await RawSocket(unixPath: path))
                #expect(try await client.get("/").text == "none 0")
            }
            #expect(running.addresses == [.unix(path)])
            try await running.end()
            unsafe #expect(access(path, F_OK) != 0)
        }
    }

    @Test("a server serves a descriptor that it has inherited, with any number of loops", arguments: [1, 2])
    func inherited(workers: Int) async throws {
        let scratch = try ScratchDirectory(names: "socket")
        let path = scratch.path + "/socket"
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
        let bound = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(bound == 0 && listen(descriptor, 16) == 0)
        let running = try RunningServer(
            .test {
                $0.addresses = [.descriptor(descriptor)]
                $0.workers = workers
            }
        ) { AddressTests.peer($0) }
        for _ in 0..<5 {
            let client = Client(try await RawSocket(unixPath: path))
            #expect(try await client.get("/").status == 200)
        }
        try await running.end()
    }

    @Test("a server listens on several addresses at once")
    func several() async throws {
        let scratch = try ScratchDirectory(names: "socket")
        let path = scratch.path + "/socket"
        let running = try RunningServer(
            .test {
                $0.addresses = [.host("127.0.0.1", port: 0), .unix(path), .host("127.0.0.1", port: 0)]
            }
        ) { AddressTests.peer($0) }
        let ports = running.addresses.compactMap(AddressTests.port)
        #expect(Set(ports).count == 2)
        for port in ports { #expect(try await Client(RawSocket(port: port)).get("/").status == 200) }
        #expect(try await Client(RawSocket(unixPath: path)).get("/").text == "none 0")
        try await running.end()
    }

    @Test(
        "a taken port is an error that names the address, with any number of loops", arguments: [1, 2],
        [1, 2])
    func takenPort(workers: Int, others: Int) async throws {
        let running = try RunningServer(.test { $0.workers = others }) { AddressTests.peer($0) }
        let error = #expect(throws: ServerError.self) {
            try RunningServer(
                .test {
                    $0.addresses = [.host("127.0.0.1", port: running.port)]
                    $0.workers = workers
                }
            ) { AddressTests.peer($0) }
        }
        #expect(error?.code == .addressInUse)
        #expect(
            error?.description == "cannot listen on 127.0.0.1:\(running.port): address already in use")
        #expect(try await running.connect().get("/").status == 200)
        try await running.end()
    }

    @Test(
        "a name's addresses that the machine has not are passed over, unless there is no other",
        arguments: [1, 2])
    func partlyAvailable(workers: Int) async throws {
        // Documentation's addresses are no machine's (RFC 5737, RFC 3849).
        let missing = try ["192.0.2.1", "2001:db8::1"].flatMap {
            try SocketAddress.resolve(host: $0, port: 0)
        }
        let own = try SocketAddress.resolve(host: "127.0.0.1", port: 0)
        let other = try RunningServer { AddressTests.peer($0) }
        let loops = try (0..<workers).map { index in
            try ServerLoop(
                index: index,
                responder: RunningServer.Answering(answer: { _ in .ready(Response()) }, refusals: Journal()),
                configuration: ServerConfiguration(), logger: Logger(label: "test"), load: ServerLoad())
        }
        defer { for loop in loops { loop.events.close() } }
        for addresses in [missing + own, own + missing, [missing[0]] + own + [missing[1]]] {
            #expect(try Server.bind(addresses, port: 0, to: loops) > 0)
        }
        #expect(throws: UVError.addressNotAvailable) { try Server.bind([missing[0]], port: 0, to: loops) }
        // Whoever has the port of one of them has that of the name.
        #expect(throws: UVError.addressInUse) { try Server.bind(missing + own, port: other.port, to: loops) }
        try await other.end()
    }

    @Test("a server that cannot start lets go of what it has bound")
    func failedStart() async throws {
        let running = try RunningServer { AddressTests.peer($0) }
        let free = try RunningServer { AddressTests.peer($0) }
        try await free.end()
        for _ in 0..<3 {
            let error = #expect(throws: ServerError.self) {
                try RunningServer(
                    .test {
                        $0.addresses = [
                            .host("127.0.0.1", port: free.port), .host("127.0.0.1", port: running.port),
                        ]
                    }
                ) { AddressTests.peer($0) }
            }
            // The first was free each time.
            #expect(error?.description.contains(":\(running.port):") == true)
        }
        try await running.end()
    }

    @Test("what cannot be listened on is an error that says why")
    func impossible() throws {
        for (address, words) in [
            (BindAddress.host("127.0.0.1", port: 70000), "cannot listen on 127.0.0.1:70000"),
            (.host("no such host", port: 0), "cannot listen on no such host:0"),
            (
                .unix("/no/such/directory/socket"),
                "cannot listen on unix:/no/such/directory/socket: no such file"
            ),
            (.descriptor(-1), "cannot listen on descriptor -1: bad file descriptor"),
        ] {
            let error = #expect(throws: ServerError.self) {
                try RunningServer(.test { $0.addresses = [address] }) { AddressTests.peer($0) }
            }
            #expect(error?.code == .cannotBind)
            #expect(error?.description.hasPrefix(words) == true, "\(error?.description ?? "")")
        }
    }
}
