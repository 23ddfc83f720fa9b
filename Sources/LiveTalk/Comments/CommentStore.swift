import Crane
import CraneSchema

/// Where comments are kept.
///
/// What does not wait is answered on the caller's loop at once. Writes wait until the change is durable. All throw `StoreError` and
/// `CancellationError`, and writes `CommentConflict` too.
protocol CommentStore: Sendable {
    func comment(_ id: Int) async throws -> Comment?
    /// The comment as it is answered, whose text need not have been a string.
    func representation(of id: Int) throws -> Eventual<CommentRepresentation?>
    /// At most `query.limit` comments, by id; `nil` where that may take long.
    func shortList(_ query: CommentQuery) throws -> CommentList?
    /// The same whatever it takes; those behind the first `CommentQuery.heldBytes` of their JSON are counted only.
    ///
    /// It is done apart from the loop, and clients take turns for it; throws `WorkersBusy` when too many wait, and
    /// `StoreError.tooLong`.
    func longList(
        _ query: CommentQuery, on loop: any LoopServices, for client: PeerAddress
    ) async throws -> CommentList
    /// At most `search.limit` comments, the best match first; all that were answered before are looked at, unless the disk
    /// takes nothing. Of a very long response the beginning only: see `rest`. Throws as `longList`.
    func search(
        _ search: CommentSearch, on loop: any LoopServices, for client: PeerAddress
    ) async throws -> MatchList
    /// The next part of what was found, while it is being sent.
    func rest(
        of list: MatchList, on loop: any LoopServices, for client: PeerAddress
    ) async throws -> MatchList

    /// Posts a comment; once only for each key, which is remembered for a day and gives the same comment again.
    ///
    /// - Parameter name: what the participant wants to be called.
    ///
    /// Throws `TalkConflict` where the talk or the participant is shut out.
    func insert(
        _ comment: CommentCreate, key: PostKey?, by participant: Participant?, named name: String?
    ) async throws -> Comment
    /// The changed comment, `nil` when there is none; `updatedAt` moves only when the text does, and then forward.
    ///
    /// A `condition` that the comment does not meet fails as `CommentConflict.changed`.
    func update(
        _ id: Int, _ update: CommentUpdate, if condition: CommentCondition?, by editor: CommentEditor
    ) async throws -> Comment?
    /// Whether there was such a comment; its id is never given to another.
    func delete(_ id: Int, if condition: CommentCondition?, by editor: CommentEditor) async throws -> Bool
}

/// What a store has at once, or has to wait for.
enum Eventual<Value: Sendable> {
    case ready(Value)
    case pending(@Sendable () async throws -> Value)
}

/// Who changes or deletes a comment.
enum CommentEditor: Hashable, Sendable {
    /// Anybody, who reaches what everybody sees.
    case anybody
    /// Whoever wrote it, who reaches it too while it waits or is hidden.
    case author
    /// A moderator, who reaches all and whose text waits for nobody.
    case moderator
}

/// What must be true of a comment for a change to go ahead.
typealias CommentCondition = @Sendable (Comment) -> Bool

/// A comment as a response brings it.
enum CommentRepresentation: Sendable {
    /// The JSON of one whose text is not long.
    case json([UInt8], updatedAt: Timestamp)
    indirect case long(Comment)

    init(_ comment: Comment) {
        self =
            comment.isLong
            ? .long(comment) : .json(Comment.schema.encode(comment), updatedAt: comment.updatedAt)
    }

    var updatedAt: Timestamp {
        switch self {
        case .json(_, let updatedAt): updatedAt
        case .long(let comment): comment.updatedAt
        }
    }
}

extension CommentStore {
    func list(
        _ query: CommentQuery, on loop: any LoopServices, for client: PeerAddress
    ) async throws -> CommentList {
        if let list = try shortList(query) { return list }
        return try await longList(query, on: loop, for: client)
    }

    func insert(_ comment: CommentCreate, key: String? = nil) async throws -> Comment {
        try await insert(comment, key: key.map { PostKey(text: $0) }, by: nil, named: nil)
    }

    func update(_ id: Int, _ update: CommentUpdate, if condition: CommentCondition? = nil) async throws
        -> Comment?
    {
        try await self.update(id, update, if: condition, by: .anybody)
    }

    func delete(_ id: Int, if condition: CommentCondition? = nil) async throws -> Bool {
        try await delete(id, if: condition, by: .anybody)
    }
}
