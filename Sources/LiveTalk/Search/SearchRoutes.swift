import Crane
import CraneSchema

/// The search for comments; not under `/comments/`, where it would be an id.
struct SearchRoutes<Store: CommentStore>: Sendable {
    let service: Dependency<CommentService<Store>>

    init(_ service: Dependency<CommentService<Store>>) {
        self.service = service
    }

    func register(in app: inout App) {
        app.get(
            "/search/comments",
            Query(
                "q", .string(minLength: 1, maxLength: CommentSearch.maximumLength),
                description: """
                    Words that all must occur, of which the first 8 count; one that ends in * stands for all that begin so.
                    """),
            Query("talk_id", Int?.self),
            Query("offset", .int(in: 0...CommentSearch.maximumOffset), default: 0),
            Query("limit", .int(in: 1...CommentQuery.maximumLimit), default: 20), service, ContextInput()
        ) { text, talkID, offset, limit, service, context in
            let search = CommentSearch(text: text, talkID: talkID, offset: offset, limit: limit)
            let list = try await service.store.search(search, on: context.loop, for: context.client)
            return Response.json(list.body(from: service, context))
        }
        .name("search_comments").description("Find comments by their words, the best match first.")
        .tags("comments").returns([CommentMatch].self)
    }
}
