import Crane
import CraneService

/// What may be done with comments, apart from how they are asked for and where they are kept.
///
/// It is made for one kind of store, so that a read costs no more than a call.
struct CommentService<Store: CommentStore>: Sendable {
    let store: Store
    let rules: CommentRules

    private var notFound: HTTPError { HTTPError(.notFound, "Comment not found") }

    @inline(__always)
    func read(_ id: Int) throws -> Eventual<CommentRepresentation> {
        switch try store.representation(of: id) {
        case .ready(let representation): return .ready(try found(representation))
        case .pending(let read): return .pending { try found(try await read()) }
        }
    }

    @inline(__always)
    private func found(_ representation: CommentRepresentation?) throws -> CommentRepresentation {
        guard let representation else { throw notFound }
        return representation
    }

    /// The next part of a page that is being sent.
    func rest(
        _ query: CommentQuery, on loop: any LoopServices, for client: PeerAddress
    ) async throws -> CommentList {
        try await LongBody.part(on: loop) { try await store.list(query, on: loop, for: client) }
    }

    /// The next part of what was found, while it is being sent.
    func rest(
        of list: MatchList, on loop: any LoopServices, for client: PeerAddress
    ) async throws -> MatchList {
        try await LongBody.part(on: loop) { try await store.rest(of: list, on: loop, for: client) }
    }

    @inline(__always)
    func create(
        _ comment: CommentCreate, key: PostKey?, by participant: Participant?, named name: String? = nil
    ) async throws -> Comment {
        try await store.insert(rules.kept(comment), key: key, by: participant, named: name)
    }

    func update(
        _ id: Int, _ update: CommentUpdate, if condition: CommentCondition?, by editor: CommentEditor
    ) async throws -> Comment {
        guard let comment = try await store.update(id, update, if: condition, by: editor) else {
            throw notFound
        }
        return comment
    }

    func delete(_ id: Int, if condition: CommentCondition?, by editor: CommentEditor) async throws {
        guard try await store.delete(id, if: condition, by: editor) else { throw notFound }
    }
}
