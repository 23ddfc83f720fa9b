import CraneService

/// Where comments are kept.
///
/// Reads answer on the calling thread at once; `slot` is the index of the loop that asks, or a place of
/// `longReads`, one reader at a time each. Writes wait until the change is durable. All throw `StoreError`, and writes
/// `CancellationError` and `CommentConflict` too.
protocol CommentStore: Sendable {
    func comment(_ id: Int, slot: Int) throws -> Comment?
    /// At most `query.limit` comments, by id; those behind the `bound` of their JSON in bytes are counted only.
    /// Throws `StoreError.tooLong` when it takes too long on a worker thread, `CancellationError` when it is cancelled there.
    func list(_ query: CommentQuery, slot: Int, bound: Int, unless: Cancellation?) throws -> CommentList
    /// The ids of at most `search.limit` comments, the best match first; those alone that were there at the last `prepareSearch(slot:)`
    /// are sure to be found. Throws as `list`.
    func ranked(_ search: CommentSearch, slot: Int, unless: Cancellation?) throws -> [Int]
    /// Makes every comment that has been answered findable, unless the disk takes nothing.
    func prepareSearch(slot: Int) async throws
    /// Where a read that may take long gets its worker thread and its slot.
    var longReads: WorkQueue { get }

    /// Posts a comment; once only for each key, which is remembered for a day and gives the same comment again.
    func insert(_ comment: CommentCreate, key: String?) async throws -> Comment
    /// The changed comment, `nil` when there is none; `updatedAt` moves only when the text does, and then forward.
    ///
    /// A `condition` that the comment does not meet fails as `CommentConflict.changed`.
    func update(_ id: Int, _ update: CommentUpdate, if condition: CommentCondition?) async throws -> Comment?
    /// Whether there was such a comment; its id is never given to another.
    func delete(_ id: Int, if condition: CommentCondition?) async throws -> Bool
}

/// What must be true of a comment for a change to go ahead.
typealias CommentCondition = @Sendable (Comment) -> Bool

extension CommentStore {
    func list(_ query: CommentQuery, slot: Int, bound: Int) throws -> CommentList {
        try list(query, slot: slot, bound: bound, unless: nil)
    }

    func insert(_ comment: CommentCreate) async throws -> Comment {
        try await insert(comment, key: nil)
    }

    func update(_ id: Int, _ update: CommentUpdate) async throws -> Comment? {
        try await self.update(id, update, if: nil)
    }

    func delete(_ id: Int) async throws -> Bool {
        try await delete(id, if: nil)
    }
}
