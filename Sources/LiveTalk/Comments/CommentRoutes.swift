import Crane
import CraneSchema
import HTTPTypes

/// The five routes under `/comments`.
struct CommentRoutes: Sendable {
    let service: Dependency<CommentService>
    private let longest: Int?

    private let id = Path("comment_id", Int.self)
    private let missing = [HTTPResponse.Status.notFound: ResponseDescription("Comment not found")]
    /// The talk's application has none of these: its OpenAPI document stays as it is.
    private let after = Unlisted(Query("after", Int?.self))
    private let userIP = Unlisted(Query("user_ip", String?.self))
    private let key = Unlisted(
        Header("idempotency_key", .optional(.string(minLength: 1, maxLength: CommentKey.maximumLength))))

    /// - Parameter longest: the characters of a text that is posted; `nil` for any number.
    init(_ service: Dependency<CommentService>, longest: Int? = nil) {
        self.service = service
        self.longest = longest
    }

    func register(in app: inout App) {
        registerList(in: &app)
        app.post(
            "/comments/", Body(CommentCreate.schema(longest: longest)), key, service, ContextInput(),
            name: "create_comment",
            description: "Create a new comment.", tags: ["comments"]
        ) { comment, key, service, context in
            let created = try await service.create(comment, key: key)
            return Listed<Comment>(json: try await created.json(on: context.loop))
        }
        app.get(
            "/comments/{comment_id}", id, service, RequestInput(), name: "read_comment",
            description: "Read a comment by ID.", tags: ["comments"],
            responses: missing
        ) { id, service, request in
            let comment = try service.read(id, slot: request.connection.loop.index)
            if let response = try CommentTag.response(to: request, before: comment) {
                return Listed<Comment>(response)
            }
            // A call that could wait costs as much as the routing.
            guard comment.isLong else { return Listed(CommentTag.response(with: comment)) }
            return Listed(try await CommentTag.response(withLong: comment, on: request.connection.loop))
        }
        app.put(
            "/comments/{comment_id}", id, Body(CommentUpdate.schema(longest: longest)), service,
            RequestInput(),
            name: "update_comment", description: "Update a comment's text.", tags: ["comments"],
            responses: missing
        ) { id, update, service, request in
            let comment = try await service.update(id, update, if: CommentTag.condition(of: request))
            guard comment.isLong else { return Listed<Comment>(CommentTag.response(with: comment)) }
            return Listed(try await CommentTag.response(withLong: comment, on: request.connection.loop))
        }
        app.delete(
            "/comments/{comment_id}", id, service, RequestInput(), name: "delete_comment",
            description: "Delete a comment.", tags: ["comments"],
            responses: missing
        ) { id, service, request in
            try await service.delete(id, if: CommentTag.condition(of: request))
            return Undescribed(Message(message: "Comment deleted"))
        }
    }

    private func registerList(in app: inout App) {
        app.get(
            "/comments/", Query("talk_id", Int?.self), Query("offset", .int(ge: 0), default: 0),
            Query("limit", .int(in: 1...CommentQuery.maximumLimit), default: CommentQuery.maximumLimit),
            userIP, after, service, ContextInput(), name: "read_comments_by_talk",
            description: "Read all comments for a talk.", tags: ["comments"]
        ) { talkID, offset, limit, userIP, after, service, context in
            let query = CommentQuery(
                talkID: talkID, userIP: userIP, after: after, offset: offset, limit: limit)
            let list = try await service.list(query, on: context.loop, for: context.client)
            var answer = Listed<[Comment]>(json: list.body(of: query, from: service, context))
            if let next = query.nextPage(after: list, under: context.rootPath) {
                answer.response.headers[.link] = next
            }
            return answer
        }
    }
}
