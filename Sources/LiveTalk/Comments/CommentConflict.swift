import Crane

/// Why a write of a comment was refused though it was well-formed.
enum CommentConflict: Error, Hashable {
    /// The comment is not one that If-Match names, or it is one that If-None-Match names.
    case changed
    /// The Idempotency-Key belongs to a post of something else.
    case keyReused
}

extension CommentConflict: ResponseError {
    func response(for request: Request, context: Context) -> Response {
        switch self {
        case .changed:
            .detail(.preconditionFailed, "The comment has changed")
        case .keyReused:
            .detail(.unprocessableContent, "Idempotency-Key was used for another request")
        }
    }
}
