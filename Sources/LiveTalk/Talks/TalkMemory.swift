import CraneSQLite
import Synchronization

/// What the last post has read of its talk, for the next one: true as long as the database is as that post has left it.
///
/// In a talk that is going on one post follows the other, and each would ask what the one before has just been told. Used on the
/// writer's thread.
final class TalkMemory: Sendable {
    /// So many talks are remembered at once.
    private static let bound = 64

    /// What a post asks of its talk.
    struct Known {
        /// `nil` for a `talk_id` that is no talk's.
        let rules: TalkRules?
        let newest: ChangeLog.Newest
    }

    private struct State {
        var version: ContentVersion?
        var talks: [Int: Known] = [:]
    }

    private let state = Mutex(State())

    /// What is known of a talk.
    func talk(_ id: Int, _ connection: Connection) -> Known? {
        let version = connection.contentVersion
        return state.withLock { state in state.version == version ? state.talks[id] : nil }
    }

    /// Remembers a talk as a body leaves it that found what `found` says and has changed no other.
    func remember(_ id: Int, _ talk: Known, found: ContentVersion, _ connection: Connection) {
        let version = connection.contentVersion
        state.withLock { state in
            if state.version != found || state.talks.count >= Self.bound { state.talks = [:] }
            state.talks[id] = talk
            state.version = version
        }
    }
}
