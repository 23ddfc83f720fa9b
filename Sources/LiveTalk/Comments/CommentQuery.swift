import CraneSchema

/// Which comments a list holds, and in which order.
struct CommentQuery: Hashable, Sendable {
    var talkID: Int?
    var userIP: String?
    /// Only comments behind this id, the last one of the page before: higher ones, or lower ones where the latest come first.
    var after: Int?
    var order = CommentOrder.id
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
        if talkID != nil && userIP != nil || order == .top { return true }
        // Without any, the blocks tell where the page begins.
        return offset > Self.shortWalk && !(isWhole && order == .id)
    }

    /// What is left of the page behind what a list holds.
    func rest(after list: CommentList) -> CommentQuery? {
        guard list.isCut, let last = list.lastWritten else { return nil }
        return rest(behind: last, taken: list.written, of: min(limit, list.count))
    }

    /// The next comments of a page of `count` behind the one, the last of `taken`, that was found.
    func rest(behind id: Int, taken: Int, of count: Int) -> CommentQuery {
        var rest = self
        rest.limit = count - taken
        if order == .top {
            rest.offset += taken
        } else {
            rest.offset = 0
            rest.after = id
        }
        return rest
    }

    /// Whether the list goes over all comments.
    var isWhole: Bool { talkID == nil && userIP == nil && after == nil }
}

extension CommentQuery: SchemaRepresentable {
    static let schema = Object(CommentQuery.init(talkID:offset:limit:userIP:after:sort:)) {
        Field("talk_id", \.talkID, default: nil)
        Field("offset", \.offset, .int(ge: 0), default: 0)
        Field("limit", \.limit, .int(in: 1...maximumLimit), default: maximumLimit)
        Field("user_ip", \.userIP, default: nil)
        Field("after", \.after, default: nil)
        Field("sort", \.order, default: .id)
    }

    private init(talkID: Int?, offset: Int, limit: Int, userIP: String?, after: Int?, sort: CommentOrder) {
        self.init(
            talkID: talkID, userIP: userIP, after: after, order: sort, offset: offset, limit: limit)
    }
}
