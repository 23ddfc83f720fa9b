import Crane

/// What may be done with comments, apart from how they are asked for and where they are kept.
struct CommentService: Sendable {
    let store: any CommentStore

    static let notFound = HTTPError(.notFound, "Comment not found")

    func read(_ id: Int, slot: Int) throws -> Comment {
        guard let comment = try store.comment(id, slot: slot) else { throw Self.notFound }
        return comment
    }

    func list(_ query: CommentQuery, slot: Int) throws -> [Comment] {
        try store.comments(query, slot: slot)
    }

    func create(_ comment: CommentCreate) async throws -> Comment {
        try await store.insert(comment)
    }

    func update(_ id: Int, _ update: CommentUpdate) async throws -> Comment {
        guard let comment = try await store.update(id, update) else { throw Self.notFound }
        return comment
    }

    func delete(_ id: Int) async throws {
        guard try await store.delete(id) else { throw Self.notFound }
    }
}
