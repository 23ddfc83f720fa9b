import Crane
import CraneSchema

/// Where votes are kept and what moderators make of comments. All throw `StoreError`, and writes `TalkConflict` too; a write returns when
/// it is durable.
protocol RoomStore: Sendable {
    /// The comment, held back or not.
    func comment(_ id: Int) async throws -> RoomComment?
    /// A page of a talk's comments; clients take turns for one that may take long.
    func list(
        _ query: RoomQuery, on loop: any LoopServices, for client: PeerAddress
    ) async throws -> [RoomComment]
    /// What the audience's page shows of a talk, all of one moment.
    ///
    /// - Parameter recent: since when a comment of the participant's own goes before others.
    func view(
        of talk: Talk, _ query: TalkView.Query, for participant: Participant?, since recent: Timestamp,
        on loop: any LoopServices, for client: PeerAddress
    ) async throws -> TalkView
    /// What the stage or a moderator is shown of a talk, all of one moment.
    func view(
        of talk: Talk, for role: FeedRole, on loop: any LoopServices, for client: PeerAddress
    ) async throws -> RoomView
    /// The next part of all that is kept of a talk's comments, behind an id, as text: some 512 KiB. `last` is where it ends, `nil`
    /// at the end of all.
    func export(
        _ talkID: Int, after id: Int, as format: TransferFormat, on loop: any LoopServices,
        for client: PeerAddress
    ) async throws -> (bytes: [UInt8], last: Int?)
    /// The entity tag of a talk's Atom feed.
    func atomTag(of talkID: Int) async throws -> String
    /// A talk's Atom feed; `nil` when there is no such talk.
    func atom(
        of talkID: Int, at path: String, _ seal: CommentTokenSigner, on loop: any LoopServices,
        for client: PeerAddress
    ) async throws -> [UInt8]?
    /// Who wrote a comment; `nil` for one that came without a participant's token.
    func author(of id: Int) async throws -> Participant?

    /// Gives a comment somebody's vote, or takes it back; how many it has then, `nil` when nobody sees such a comment.
    ///
    /// - Parameter loop: where it waits until the log is told of a vote that soon follows another; `nil` tells it at once.
    func setVote(
        _ isGiven: Bool, for id: Int, by participant: Participant, on loop: (any LoopServices)?
    ) async throws -> Int?
    /// Does what a moderator wants with a comment, and returns it as it then is; `nil` when there is none.
    func set(_ id: Int, _ update: CommentStateUpdate) async throws -> RoomComment?
    /// Blocks whoever wrote a comment for a time, or lets them in again; until when, `nil` when there is no such comment.
    ///
    /// Throws `TalkConflict.authorUnknown` for a comment that came without a participant's token.
    func block(authorOf id: Int, for duration: Duration) async throws -> Timestamp?
}
