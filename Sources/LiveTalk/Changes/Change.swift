import CraneSchema

/// One entry of a talk's log.
struct Change: Hashable, Sendable {
    let talkID: Int
    /// Its place in the talk, from 1 without gaps.
    let seq: Int
    /// The change before it that the audience may see; 0 for none.
    let prev: Int
    let kind: ChangeKind
    /// Whether the audience may know of it; moderators know of all.
    let isOpen: Bool
    /// The comment that has changed; `nil` for the talk itself.
    let commentID: Int?
    let at: Timestamp

    /// The comment whose texts in memory are not to be told again; `nil` where they still may.
    var redacted: Int? { [.updated, .hidden, .deleted].contains(kind) ? commentID : nil }

    /// The change in the feed of a role: to moderators every one is the next.
    func seen(by role: FeedRole) -> Change {
        if role == .audience { return self }
        return Change(
            talkID: talkID, seq: seq, prev: seq - 1, kind: kind, isOpen: isOpen, commentID: commentID, at: at)
    }
}
