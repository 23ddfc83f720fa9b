import Crane
import CraneHTTP
import CraneSchema
import CraneTesting
import HTTPTypes
import Logging

/// A typed route beside one whose handler takes the request and makes the response.
struct RouteContests {
    static let mostNanoseconds = 1000.0

    /// What the routes serve from.
    private struct Comments: Sendable {
        func read(_ id: Int) throws -> Comment {
            guard id > 0 else { throw HTTPError(.notFound) }
            return .sample
        }
    }

    private let responder: AppResponder

    init() {
        var app = App(logger: Logger(label: "benchmark") { _ in SwiftLogNoOpLogHandler() })
        let comments = Comments()
        let service = Dependency.constant(comments)
        let body = Comment.schema.encode(.sample)
        app.get("/bare/{comment_id}") { _, _ in .json(body) }
        app.get("/encoding/{comment_id}") { _, _ in .json(Comment.schema.encode(try comments.read(1))) }
        app.get("/typed/{comment_id}", Path("comment_id", Int.self), service) { id, service in
            try service.read(id)
        }
        responder = app.build()
    }

    func run(_ rounds: Int) async throws -> [Contest] {
        let typed = try request("/typed")
        let bare = try request("/bare")
        let encoding = try request("/encoding")
        var whole = Contest("typed, beside a bare route")
        var inputs = Contest("typed, beside a route that encodes")
        for _ in 0..<rounds {
            await whole.run(5000) {
                await answer(typed)
            } theirs: {
                await answer(bare)
            }
            await inputs.run(5000) {
                await answer(typed)
            } theirs: {
                await answer(encoding)
            }
        }
        return [whole, inputs]
    }

    /// 1 for a good answer, of which all are.
    private func answer(_ request: Request) async -> Int {
        let response = await responder.response(to: request)
        precondition(response.status == .ok)
        return 1
    }

    /// A request whose head has been read, to be answered again and again.
    private func request(_ path: String) throws -> Request {
        let request = Request(connection: ConnectionInfo(peer: .unixSocket, loop: InProcessLoop()))
        var parser = RequestParser(limits: WireLimits())
        let head = Array("GET \(path)/12345 HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8)
        // The array outlives the call, and the request copies what it keeps.
        _ = try unsafe head.withUnsafeBytes { unsafe try parser.parse($0, into: request) }
        return request
    }
}
