/// Where talks are kept. All throw `StoreError`, and writes `TalkConflict` too; a write returns when it is durable.
protocol TalkStore: Sendable {
    func talk(_ id: Int) async throws -> Talk?
    func talk(slug: String) async throws -> Talk?
    /// A page of talks, the latest first; of one state only, or of both.
    func talks(offset: Int, limit: Int, state: Talk.State?) async throws -> [Talk]
    /// Makes a talk, which takes over the comments that its id has already.
    func add(_ new: TalkCreate) async throws -> Talk
    /// The changed talk; `nil` when there is none.
    func update(_ id: Int, _ update: TalkUpdate) async throws -> Talk?
    /// Whether there was such a talk; its comments stay, under a `talk_id` that is free again.
    func delete(_ id: Int) async throws -> Bool
    /// The talk's blocked words; `nil` when there is no such talk.
    func words(of id: Int) async throws -> TalkWords?
    /// Gives the talk other blocked words, for the comments to come; `nil` when there is no such talk.
    func setWords(_ words: TalkWords, of id: Int) async throws -> TalkWords?
}
