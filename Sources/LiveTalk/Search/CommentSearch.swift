/// Which comments are looked for by their words, the best match first.
struct CommentSearch: Hashable, Sendable {
    /// Words that all must occur, of which the first `maximumTerms` count; one that ends in `*` stands for all that begin so.
    var text: String
    var talkID: Int?
    var offset = 0
    var limit = 20

    static let maximumLength = 200
    static let maximumTerms = 8
    static let maximumOffset = 10_000
    /// Of a word that very many comments hold, only this many of the newest are ranked.
    static let rankedMatches = 10_000
}
