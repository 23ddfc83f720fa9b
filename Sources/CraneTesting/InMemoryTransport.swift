public import Crane
import CraneServer

/// The application without a socket: the same parser, middleware, routes and background tasks.
///
/// Clean-ups and background tasks have run when the response is here. The application's set-up runs before the first request, and its
/// background work beside them until `close`.
public struct InMemoryTransport: TestTransport {
    let responder: AppResponder
    let peer: PeerAddress
    private let maximumBodySize: UInt64
    private let lifespan: InMemoryLifespan

    /// - Parameters:
    ///   - responder: the application, as `App.build()` gives it.
    ///   - peer: who the requests come from.
    ///   - maximumBodySize: the most bytes of a request's body, as `Server.run` takes it.
    public init(
        _ responder: AppResponder, peer: PeerAddress = .unixSocket,
        maximumBodySize: UInt64 = ServerConfiguration.usualBodySize
    ) {
        self.responder = responder
        self.peer = peer
        self.maximumBodySize = maximumBodySize
        lifespan = InMemoryLifespan(responder)
    }

    public func exchange(_ request: TestRequest, host: String) async throws -> TestResponse {
        let (response, loop) = try await respond(to: request, host: host)
        if case .upgrade(let upgrade) = response.body.storage, upgrade.isBody, request.method != .head {
            throw TestFailure("\(request.target): the response has no end, and needs a client over a socket")
        }
        return try await Self.whole(response, isHead: request.method == .head, loop)
    }

    public func open(_ handshake: TestRequest, host: String) async throws -> TestOpening {
        let (response, loop) = try await respond(to: handshake, host: host)
        guard case .upgrade(let upgrade) = response.body.storage else {
            return .refused(try await Self.whole(response, isHead: false, loop))
        }
        let head = TestResponse(status: response.status, headers: response.allFields, body: [])
        switch upgrade.taker {
        case .task(let start):
            let connection = MemoryConnection()
            let run = start(connection)
            connection.run {
                await run()
                await response.afterSend?()
                await loop.finish()
            }
            return .accepted(head, connection)
        case .receiver(let start):
            await response.afterSend?()
            let connection = MemoryConnection(on: InProcessTurns.shared.queue)
            connection.handOver(to: start)
            return .accepted(head, connection)
        }
    }

    public func start() async throws { try await lifespan.begin() }

    public func close() async throws { await lifespan.end() }

    private func respond(
        to request: TestRequest, host: String
    ) async throws -> (Response, InProcessLoop) {
        try await lifespan.begin()
        let loop = InProcessLoop()
        let message = Request(connection: ConnectionInfo(peer: peer, loop: loop))
        var parser = RequestParser(limits: WireLimits())
        let head = request.head(host: host, isLast: false)
        // The array outlives the call, and the request copies what it keeps.
        let length = try unsafe head.withUnsafeBytes { unsafe try parser.parse($0, into: message) }
        guard length == head.count else { throw TestFailure("the request's head is not complete") }
        let size = UInt64(request.body.count)
        message.body =
            size <= maximumBodySize ? RequestBody(request.body) : RequestBody(source: TooLongBody(size))
        return (await responder.response(to: message), loop)
    }

    /// The response with its body, once all that follows it has run.
    private static func whole(
        _ response: Response, isHead: Bool, _ loop: InProcessLoop
    ) async throws -> TestResponse {
        // As a server does it: what follows a response runs also when its stream breaks.
        let body: Result<[UInt8], any Error>
        do {
            let isBodiless = isHead || response.status.forbidsContent
            body = .success(isBodiless ? [] : try await response.body.collected(upTo: .max))
        } catch {
            body = .failure(error)
        }
        await response.afterSend?()
        await loop.finish()
        return TestResponse(
            status: response.status, headers: response.allFields, body: try body.get())
    }
}

/// A body past the limit: whoever reads it is told.
private final class TooLongBody: RequestBodySource {
    let expectedLength: UInt64?

    init(_ length: UInt64) { expectedLength = length }

    func next() async throws -> [UInt8]? { throw RequestBodyError.tooLarge }
    var trailers: HTTPFields { HTTPFields() }
}
