import Crane
import Schema

/// The five routes under `/comments`.
struct CommentRoutes: Sendable {
    let service: CommentService

    func register(in app: inout App) {
        app.get("/comments/", list)
        app.post("/comments/", create)
        app.get("/comments/{comment_id}", read)
        app.put("/comments/{comment_id}", update)
        app.delete("/comments/{comment_id}", delete)
    }

    @Sendable private func list(_ request: Request, _ context: Context) async throws -> Response {
        var inputs = Inputs(request, context)
        let talkID = inputs.query("talk_id")
        let offset = inputs.query("offset", .int(ge: 0), default: 0)
        let limits = 1...CommentQuery.maximumLimit
        let limit = inputs.query("limit", .int(in: limits), default: limits.upperBound)
        let page = try inputs.complete(offset, limit)
        let query = CommentQuery(talkID: talkID, offset: page.0, limit: page.1)
        let comments = try service.list(query, slot: context.loop.index)
        // Room for texts of a usual length, so that the buffer need not grow.
        var writer = JSONWriter(capacity: 256 * comments.count)
        [Comment].schema.write(comments, to: &writer)
        return .json(writer.bytes)
    }

    @Sendable private func create(_ request: Request, _ context: Context) async throws -> Response {
        var inputs = Inputs(request, context)
        let body = try await inputs.body(CommentCreate.schema)
        let comment = try inputs.complete(body)
        return .json(Comment.schema.encode(try await service.create(comment)))
    }

    @Sendable private func read(_ request: Request, _ context: Context) async throws -> Response {
        var inputs = Inputs(request, context)
        let path = inputs.path("comment_id")
        let id = try inputs.complete(path)
        return .json(Comment.schema.encode(try service.read(id, slot: context.loop.index)))
    }

    @Sendable private func update(_ request: Request, _ context: Context) async throws -> Response {
        var inputs = Inputs(request, context)
        let body = try await inputs.body(CommentUpdate.schema)
        let path = inputs.path("comment_id")
        let (id, update) = try inputs.complete(path, body)
        return .json(Comment.schema.encode(try await service.update(id, update)))
    }

    @Sendable private func delete(_ request: Request, _ context: Context) async throws -> Response {
        var inputs = Inputs(request, context)
        let path = inputs.path("comment_id")
        let id = try inputs.complete(path)
        try await service.delete(id)
        return .json(Message.schema.encode(Message(message: "Comment deleted")))
    }
}
