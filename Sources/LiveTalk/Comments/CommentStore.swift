/// Where comments are kept.
///
/// Reads answer on the calling thread at once; `slot` is the index of the loop that asks, one reader at a time each.
/// Writes wait until the change is durable. All throw `StoreError`, and writes `CancellationError` too.
protocol CommentStore: Sendable {
    func comment(_ id: Int, slot: Int) throws -> Comment?
    /// At most `query.limit` comments, by id.
    func comments(_ query: CommentQuery, slot: Int) throws -> [Comment]

    func insert(_ comment: CommentCreate) async throws -> Comment
    /// The changed comment, `nil` when there is none; `updatedAt` moves only when the text does.
    func update(_ id: Int, _ update: CommentUpdate) async throws -> Comment?
    /// Whether there was such a comment; its id is never given to another.
    func delete(_ id: Int) async throws -> Bool
}
