import Crane
import HTTPTypes

extension HTTPField.Name {
    /// RFC 8288.
    static let link = known("link")
    /// What the author of a comment proves it by.
    static let commentToken = known("x-comment-token")
    /// What a participant is known by.
    static let voterToken = known("x-voter-token")
}
