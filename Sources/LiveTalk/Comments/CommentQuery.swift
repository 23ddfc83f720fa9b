/// Which comments a list holds: those of one talk or of all, in the order of their ids.
struct CommentQuery: Hashable, Sendable {
    var talkID: Int?
    var offset = 0
    var limit = Self.maximumLimit

    static let maximumLimit = 100
}
