/// What a change of a talk is; the raw values stand in the database and never change.
enum ChangeKind: Int, Sendable, CaseIterable {
    case created = 0
    case updated = 1
    case deleted = 2
    /// A comment that the audience saw is seen by moderators only.
    case hidden = 3
    /// A comment that waited or was hidden is seen by all.
    case restored = 4
    /// The number of a comment's votes.
    case voted = 5
    /// What a moderator has made of a comment: its stage, pin and answer.
    case stage = 6
    /// The talk itself.
    case talk = 7

    /// Whether another number of comments waits or is hidden than before.
    ///
    /// - Parameter isOpen: whether the audience may know of the comment.
    func changesCounts(isOpen: Bool) -> Bool {
        switch self {
        case .hidden, .restored: true
        case .created, .deleted: !isOpen
        case .updated, .voted, .stage, .talk: false
        }
    }

    /// What the feed calls it.
    var name: String {
        switch self {
        case .created: "created"
        case .updated: "updated"
        case .deleted: "deleted"
        case .hidden: "hidden"
        case .restored: "restored"
        case .voted: "voted"
        case .stage: "stage"
        case .talk: "talk"
        }
    }
}
