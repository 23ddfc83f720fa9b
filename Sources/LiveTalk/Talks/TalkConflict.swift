import Crane

/// Why something was refused in a talk though it was well-formed.
enum TalkConflict: Error, Hashable {
    /// The talk takes no comments and votes any more.
    case closed
    /// Another talk has the slug.
    case slugTaken
    /// There is a talk of that id.
    case idTaken
    /// A moderator has blocked this participant for so many more seconds.
    case blocked(seconds: Int)
    /// A comment that is held back cannot be on the stage.
    case notShown
    /// Nobody knows who wrote the comment.
    case authorUnknown
}

extension TalkConflict: ResponseError {
    func response(for request: Request, context: Context) -> Response {
        switch self {
        case .closed: .detail(.conflict, "The talk is closed")
        case .slugTaken: .detail(.conflict, "Another talk has this slug")
        case .idTaken: .detail(.conflict, "There is a talk with this id")
        case .blocked(let seconds):
            .detail(
                .forbidden, "A moderator has blocked you for a while", headers: [.retryAfter: "\(seconds)"])
        case .notShown: .detail(.conflict, "The comment is not shown")
        case .authorUnknown: .detail(.conflict, "The comment came without a participant's token")
        }
    }
}
