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
        let loop = InProcessLoop()
        let message = Request(connection: ConnectionInfo(peer: peer, loop: loop))
        var parser = RequestParser(limits: WireLimits())
        let head = request.head(host: host, isLast: false)
        // The array outlives the call, and the request copies what it keeps.
        let length = try unsafe head.withUnsafeBytes { unsafe try parser.parse($0, into: message) }
        guard length == head.count else { throw TestFailure("the request's head is not complete") }
        message.body = RequestBody(request.body)
        let response = await responder.respond(to: message)
        let body = try await Self.collect(response.body)
        await response.afterSend?()
        await loop.finish()
        return TestResponse(
            status: response.status, headers: response.allFields, body: request.method == .head ? [] : body)
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
