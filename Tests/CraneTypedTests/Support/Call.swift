import Crane
import CraneTesting
import HTTPTypes
import Logging
import Synchronization

/// A request made in memory: the wire's own parser reads it, so that it is what a socket would give.
struct Call {
    var method: String
    var target: String
    var headers: [(String, String)]
    var body: [UInt8]
    var loop: any LoopServices = InProcessLoop()

    init(
        _ method: String, _ target: String, _ headers: [(String, String)] = [], body: [UInt8] = []
    ) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
    }

    func request() throws -> Request {
        let peer = PeerAddress(ip: IPAddress("192.0.2.7"), port: 4711)
        let request = Request(connection: ConnectionInfo(peer: peer, loop: loop))
        var head = "\(method) \(target) HTTP/1.1\r\nhost: testserver\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        var parser = RequestParser(limits: WireLimits())
        let bytes = Array((head + "\r\n").utf8)
        let length = try unsafe bytes.withUnsafeBytes { unsafe try parser.parse($0, into: request) }
        guard length == bytes.count else { throw Incomplete() }
        request.body = RequestBody(body)
        return request
    }

    struct Incomplete: Error {}
}

extension App {
    /// An application that logs nothing.
    static var quiet: App { App(logger: Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() }) }

    func answer(
        _ method: String, _ target: String, _ headers: [(String, String)] = [], json: String
    ) async throws -> Response {
        await build().response(
            to: try Call(
                method, target, headers + [("content-type", "application/json")], body: Array(json.utf8)
            ).request())
    }

    func answer(
        _ method: String, _ target: String, _ headers: [(String, String)] = [], body: [UInt8] = []
    ) async throws -> Response {
        await build().response(to: try Call(method, target, headers, body: body).request())
    }
}

extension Response {
    /// The body, which must be here and be text.
    var text: String {
        switch body.storage {
        case .string(let string): string
        case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
        case .stream: "(a stream)"
        case .upgrade: "(an upgrade)"
        }
    }

    /// Status and body in one line.
    var line: String { "\(status.code) \(text)" }
}

/// Lines that handlers leave for the test to see.
final class Notes: Sendable {
    private let lines = Mutex<[String]>([])

    func add(_ line: String) { lines.withLock { $0.append(line) } }
    var all: [String] { lines.withLock { $0 } }
}
