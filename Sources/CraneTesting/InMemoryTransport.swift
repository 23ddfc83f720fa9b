public import Crane
import Synchronization

/// The application without a socket: the same parser, middleware, routes and background tasks.
///
/// Clean-ups and background tasks have run when the answer is here.
public struct InMemoryTransport: TestTransport {
    let responder: AppResponder
    let peer: PeerAddress

    /// - Parameter peer: who the requests come from.
    public init(_ responder: AppResponder, peer: PeerAddress = .unixSocket) {
        self.responder = responder
        self.peer = peer
    }

    public func exchange(_ request: TestRequest, host: String) async throws -> TestResponse {
        let (response, loop) = try await respond(to: request, host: host)
        return try await Self.whole(response, isHead: request.method == .head, loop)
    }

    public func open(_ handshake: TestRequest, host: String) async throws -> TestOpening {
        let (response, loop) = try await respond(to: handshake, host: host)
        guard case .upgrade(let upgrade) = response.body.storage else {
            return .refused(try await Self.whole(response, isHead: false, loop))
        }
        let connection = MemoryConnection()
        connection.run { connection in
            await upgrade.run(connection)
            await response.afterSend?()
            await loop.finish()
        }
        let head = TestResponse(status: response.status, headers: response.allFields, body: [])
        return .accepted(head, connection)
    }

    private func respond(
        to request: TestRequest, host: String
    ) async throws -> (Response, InProcessLoop) {
        let loop = InProcessLoop()
        let message = Request(connection: ConnectionInfo(peer: peer, loop: loop))
        var parser = RequestParser(limits: WireLimits())
        let head = request.head(host: host, isLast: false)
        // The array outlives the call, and the request copies what it keeps.
        let length = try unsafe head.withUnsafeBytes { unsafe try parser.parse($0, into: message) }
        guard length == head.count else { throw TestFailure("the request's head is not complete") }
        message.body = RequestBody(request.body)
        return (await responder.respond(to: message), loop)
    }

    /// The answer with its body, once all that follows it has run.
    private static func whole(
        _ response: Response, isHead: Bool, _ loop: InProcessLoop
    ) async throws -> TestResponse {
        let body = try await collect(response.body)
        await response.afterSend?()
        await loop.finish()
        return TestResponse(
            status: response.status, headers: response.allFields, body: isHead ? [] : body)
    }

    private static func collect(_ body: ResponseBody) async throws -> [UInt8] {
        switch body.storage {
        case .string(let string): return Array(string.utf8)
        case .bytes(let bytes): return bytes
        case .stream(_, let write):
            let writer = CollectingWriter()
            try await write(writer)
            return writer.bytes
        case .upgrade: return []
        }
    }
}

/// Keeps all that is written.
private final class CollectingWriter: ResponseWriter {
    private let parts = Mutex<[UInt8]>([])

    var bytes: [UInt8] { parts.withLock { $0 } }

    func write(_ bytes: [UInt8]) async throws { parts.withLock { $0 += bytes } }
    func setTrailers(_ trailers: HTTPFields) {}
}
