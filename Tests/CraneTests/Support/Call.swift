import Crane
import CraneTesting
import Logging
import Synchronization

/// A request made in memory: the wire's own parser reads it, so that it is what a socket would give.
struct Call {
    var method = "GET"
    var target = "/"
    var headers: [(String, String)] = []
    var host: String? = "testserver"
    var body: RequestBody = .empty
    var peer = PeerAddress(ip: IPAddress("192.0.2.7"), port: 4711)
    var loop: any LoopServices = InProcessLoop()

    init(_ method: String = "GET", _ target: String = "/", _ headers: (String, String)...) {
        self.method = method
        self.target = target
        self.headers = headers
    }

    init(_ method: String, _ target: String, _ headers: [(String, String)], body: [UInt8] = []) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = RequestBody(body)
    }

    func request() throws -> Request {
        let request = Request(connection: ConnectionInfo(peer: peer, loop: loop))
        var head = "\(method) \(target) HTTP/1.1\r\n"
        // Without a host it has to be HTTP/1.0 (RFC 9112, section 3.2).
        if let host { head += "host: \(host)\r\n" } else { head = "\(method) \(target) HTTP/1.0\r\n" }
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        var parser = RequestParser(limits: WireLimits())
        let bytes = Array((head + "\r\n").utf8)
        let length = try unsafe bytes.withUnsafeBytes { unsafe try parser.parse($0, into: request) }
        guard length == bytes.count else { throw Incomplete() }
        request.body = body
        return request
    }

    struct Incomplete: Error {}
}

extension AppResponder {
    func answer(_ call: Call) async throws -> Response {
        await response(to: try call.request())
    }

    func answer(
        _ method: String, _ target: String, _ headers: (String, String)...
    ) async throws -> Response {
        var call = Call(method, target)
        call.headers = headers
        return try await answer(call)
    }
}

extension App {
    /// An application that logs nothing.
    static var quiet: App { App(logger: Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() }) }

    func answer(
        _ method: String, _ target: String, _ headers: [(String, String)] = [], json: String
    ) async throws -> Response {
        let fields = headers + [("content-type", "application/json")]
        return try await build().answer(Call(method, target, fields, body: Array(json.utf8)))
    }

    func answer(
        _ method: String, _ target: String, _ headers: [(String, String)] = [], body: [UInt8] = []
    ) async throws -> Response {
        try await build().answer(Call(method, target, headers, body: body))
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

    /// The fields as `name: value`, sorted.
    var fields: [String] {
        allFields.map { "\($0.name.canonicalName): \($0.value)" }.sorted()
    }
}

/// Values that a handler or a middleware leaves for the test to see.
final class Notes: Sendable {
    private let lines = Mutex<[String]>([])

    func add(_ line: String) { lines.withLock { $0.append(line) } }
    var all: [String] { lines.withLock { $0 } }
}
