import Crane
import Schema

/// The five routes under `/comments`.
struct CommentRoutes: Sendable {
    let service: Dependency<CommentService>

    private let id = Path("comment_id", Int.self)

    init(_ service: Dependency<CommentService>) {
        self.service = service
    }

    func register(in app: inout App) {
        app.get(
            "/comments/", Query("talk_id", Int?.self), Query("offset", .int(ge: 0), default: 0),
            Query("limit", .int(in: 1...CommentQuery.maximumLimit), default: CommentQuery.maximumLimit),
            service, ContextInput(), name: "read_comments_by_talk",
            description: "Read all comments for a talk.", tags: ["comments"]
        ) { talkID, offset, limit, service, context in
            let query = CommentQuery(talkID: talkID, offset: offset, limit: limit)
            return try service.list(query, slot: context.loop.index)
        }
        app.post(
            "/comments/", Body(CommentCreate.self), service, name: "create_comment",
            description: "Create a new comment.", tags: ["comments"]
        ) { comment, service in
            try await service.create(comment)
        }
        app.get(
            "/comments/{comment_id}", id, service, ContextInput(), name: "read_comment",
            description: "Read a comment by ID.", tags: ["comments"]
        ) { id, service, context in
            try service.read(id, slot: context.loop.index)
        }
        app.put(
            "/comments/{comment_id}", id, Body(CommentUpdate.self), service, name: "update_comment",
            description: "Update a comment's text.", tags: ["comments"]
        ) { id, update, service in
            try await service.update(id, update)
        }
        app.delete(
            "/comments/{comment_id}", id, service, name: "delete_comment",
            description: "Delete a comment.", tags: ["comments"]
        ) { id, service in
            try await service.delete(id)
            return Undescribed(Message(message: "Comment deleted"))
        }
    }
}
