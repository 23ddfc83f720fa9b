import Crane
import CraneService

/// What may be done with comments, apart from how they are asked for and where they are kept.
struct CommentService: Sendable {
    let store: any CommentStore

    static let notFound = HTTPError(.notFound, "Comment not found")

    func read(_ id: Int, slot: Int) throws -> Comment {
        guard let comment = try store.comment(id, slot: slot) else { throw Self.notFound }
        return comment
    }

    /// A list that may take long is read on a worker thread, and of a very long one the beginning only: see `rest`.
    func list(
        _ query: CommentQuery, on loop: any LoopServices, for client: PeerAddress
    ) async throws -> CommentList {
        if !query.isLong {
            let list = try store.list(query, slot: loop.index, bound: CommentQuery.shortBytes)
            if !list.isCut { return list }
        }
        return try await store.longReads.run(on: loop, for: client) { [store] slot, cancellation in
            try store.list(query, slot: slot, bound: CommentQuery.heldBytes, unless: cancellation)
        }
    }

    /// The next part of a page that is being sent.
    func rest(
        _ query: CommentQuery, on loop: any LoopServices, for client: PeerAddress
    ) async throws -> CommentList {
        try await waiting(on: loop) { try await list(query, on: loop, for: client) }
    }

    /// Finds every comment that was answered before; of a very long answer the beginning only: see `rest(of:on:for:)`.
    func search(
        _ search: CommentSearch, on loop: any LoopServices, for client: PeerAddress
    ) async throws -> MatchList {
        try await store.prepareSearch(slot: loop.index)
        return try await store.longReads.run(on: loop, for: client) { [store] slot, cancellation in
            let ids = try store.ranked(search, slot: slot, unless: cancellation)
            return try MatchList(
                of: ids[...], SearchQuery(search.text), from: store, slot: slot, unless: cancellation)
        }
    }

    /// The next part of what was found, while it is being sent.
    func rest(
        of list: MatchList, on loop: any LoopServices, for client: PeerAddress
    ) async throws -> MatchList {
        try await waiting(on: loop) {
            try await store.longReads.run(on: loop, for: client) { [store] slot, cancellation in
                try MatchList(of: list.rest, list.query, from: store, slot: slot, unless: cancellation)
            }
        }
    }

    /// Waits for its turn as long as it takes, since the answer has begun.
    private func waiting<Part>(
        on loop: any LoopServices, _ read: () async throws -> Part
    ) async throws -> Part {
        while true {
            do {
                return try await read()
            } catch is WorkersBusy {
                try await loop.sleep(for: .milliseconds(100))
            }
        }
    }

    func create(_ comment: CommentCreate, key: String? = nil) async throws -> Comment {
        try await store.insert(comment, key: key)
    }

    func update(_ id: Int, _ update: CommentUpdate, if condition: CommentCondition? = nil) async throws
        -> Comment
    {
        guard let comment = try await store.update(id, update, if: condition) else { throw Self.notFound }
        return comment
    }

    func delete(_ id: Int, if condition: CommentCondition? = nil) async throws {
        guard try await store.delete(id, if: condition) else { throw Self.notFound }
    }
}
