/// Which comments a list holds, in the order of their ids.
struct CommentQuery: Hashable, Sendable {
    var talkID: Int?
    var userIP: String?
    /// Only comments with a higher id: the last one of the page before.
    var after: Int?
    var offset = 0
    var limit = Self.maximumLimit

    static let maximumLimit = 100
    /// How many rows may be passed over on a loop: some tenths of a millisecond.
    static let shortWalk = 4096
    /// How much JSON may be written on a loop, for the same reason; a page of usual comments is 20 KiB.
    static let shortBytes = 128 << 10

    /// How much JSON of a page is held at once; the rest of a longer one is read while it is sent.
    static let heldBytes = 512 << 10

    /// Whether the list may take longer than a loop can be held.
    var isLong: Bool {
        // With two filters one of them is looked up in its index, and the rows are checked for the other.
        if talkID != nil, userIP != nil { return true }
        // Without any, the blocks tell where the page begins.
        return offset > Self.shortWalk && !isWhole
    }

    /// What is left of the page behind what a list holds.
    func rest(after list: CommentList) -> CommentQuery? {
        guard list.isCut, let last = list.lastWritten else { return nil }
        return rest(behind: last, count: min(limit, list.count) - list.written)
    }

    /// The next comments of the page behind one that was found.
    func rest(behind id: Int, count: Int) -> CommentQuery {
        CommentQuery(talkID: talkID, userIP: userIP, after: id, limit: count)
    }

    /// Whether the list goes over all comments.
    var isWhole: Bool { talkID == nil && userIP == nil && after == nil }
}
