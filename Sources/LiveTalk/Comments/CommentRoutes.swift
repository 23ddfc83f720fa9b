import Crane
import CraneSchema
import HTTPTypes

/// The five routes under `/comments`.
struct CommentRoutes<Store: CommentStore>: Sendable {
    let service: Dependency<CommentService<Store>>
    private let longest: Int?

    private let id = Path("comment_id", Int.self)
    private let missing = "Comment not found"
    /// The talk's application has neither this nor what else is hidden: its OpenAPI document stays as it is.
    private let key = Header(
        "idempotency_key", .optional(.string(minLength: 1, maxLength: IdempotencyKeys.maximumLength))
    ).hidden()

    /// - Parameter longest: the characters of a text that is posted; `nil` for any number.
    init(_ service: Dependency<CommentService<Store>>, longest: Int? = nil) {
        self.service = service
        self.longest = longest
    }

    func register(in app: inout App) {
        registerList(in: &app)
        app.post(
            "/comments/", Body(CommentCreate.schema(longest: longest)), key, service, RequestInput(),
            ContextInput()
        ) { comment, key, service, request, context -> EventualResponse in
            // What does not wait stands outside: the less there is in an asynchronous closure, the less it costs.
            let author = service.rules.author(of: request)
            let key = key.map { PostKey(text: $0) }
            return .pending {
                if !service.rules.rates.isEmpty { try await service.rules.rates.check(author, context) }
                let created = try await service.create(comment, key: key, by: author)
                var response = Response.json(try await created.json(on: context.loop))
                if let token = service.rules.token(for: created) { response.headers[.commentToken] = token }
                return response
            }
        }
        .name("create_comment").description("Create a new comment.").tags("comments").returns(Comment.self)
        app.get("/comments/{comment_id}", id, service, RequestInput()) {
            id, service, request -> EventualResponse in
            switch try service.read(id) {
            case .ready(let representation): return try Self.response(to: request, with: representation)
            case .pending(let read):
                return .pending { try await Self.response(to: request, with: read()).response }
            }
        }
        .name("read_comment").description("Read a comment by ID.").tags("comments")
        .returns(Comment.self).responds(.notFound, missing)
        app.put(
            "/comments/{comment_id}", id, Body(CommentUpdate.schema(longest: longest)), service,
            RequestInput()
        ) { id, update, service, request in
            let editor = try await service.rules.editor(of: id, request)
            let comment = try await service.update(
                id, update, if: CommentTag.condition(of: request), by: editor)
            return try await CommentTag.response(with: comment, on: request.connection.loop)
        }
        .name("update_comment").description("Update a comment's text.").tags("comments")
        .returns(Comment.self).responds(.notFound, missing)
        app.delete("/comments/{comment_id}", id, service, RequestInput()) { id, service, request in
            let editor = try await service.rules.editor(of: id, request)
            try await service.delete(id, if: CommentTag.condition(of: request), by: editor)
            return Message(message: "Comment deleted")
        }
        .name("delete_comment").description("Delete a comment.").tags("comments")
        .returns("application/json").responds(.notFound, missing)
    }

    /// The comment, or 304 for a client that has it.
    @inline(__always)
    private static func response(
        to request: Request, with representation: CommentRepresentation
    ) throws -> EventualResponse {
        if let response = try CommentTag.response(to: request, before: representation.updatedAt) {
            return .ready(response)
        }
        switch representation {
        case .json(let json, let updatedAt): return .ready(CommentTag.response(with: json, updatedAt))
        case .long(let comment):
            let loop = request.connection.loop
            return .pending { try await CommentTag.response(with: comment, on: loop) }
        }
    }

    private func registerList(in app: inout App) {
        app.get(
            "/comments/", Query(CommentQuery.self).hidden("user_ip", "after", "sort"), service, ContextInput()
        ) { query, service, context -> EventualResponse in
            if let list = try service.store.shortList(query) {
                return .ready(list.response(to: query, from: service, context))
            }
            return .pending {
                let list = try await service.store.longList(query, on: context.loop, for: context.client)
                return list.response(to: query, from: service, context)
            }
        }
        .name("read_comments_by_talk").description("Read all comments for a talk.").tags("comments")
        .returns([Comment].self)
    }
}
