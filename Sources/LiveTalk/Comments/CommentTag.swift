import Crane
import CraneSchema
import CraneSystem

/// The entity tag of a comment (RFC 9110, section 8.8.3): its `updated_at`, which moves with every change.
enum CommentTag {
    /// The tag in quotes.
    static func text(_ updatedAt: Timestamp) -> String {
        String(decoding: line(updatedAt).dropFirst(6).dropLast(2), as: UTF8.self)
    }

    /// The field with its tag as a line, put together without a string.
    private static func line(_ updatedAt: Timestamp) -> [UInt8] {
        var line = emptyLine
        var rest = UInt64(bitPattern: Int64(updatedAt.microseconds))
        unsafe line.withUnsafeMutableBufferPointer { line in
            // The sixteen digits end before the quote and the line's end.
            for place in stride(from: line.count - 4, to: line.count - 20, by: -1) {
                unsafe line[place] = UInt8(truncatingIfNeeded: rest).hexDigit
                rest >>= 4
            }
        }
        return line
    }

    private static let emptyLine = Array("etag: \"0000000000000000\"\r\n".utf8)

    /// 304 for a client that has the comment; throws 412 for one that wants another (section 13.1).
    static func response(
        to request: Request, before updatedAt: Timestamp
    ) throws(CommentConflict) -> Response? {
        guard let conditions = Preconditions.ofTags(in: request) else { return nil }
        switch conditions.verdict(on: text(updatedAt)) {
        case .proceed: return nil
        case .notModified: return Response(status: .notModified, headers: [.eTag: text(updatedAt)])
        case .failed: throw .changed
        }
    }

    /// The comment's JSON with its tag.
    ///
    /// The tag is a prepared line: one allocation, where a copy of the shared fields would be four.
    static func response(with json: [UInt8], _ updatedAt: Timestamp) -> Response {
        Response(type: .json, body: ResponseBody(json), fieldLines: line(updatedAt))
    }

    /// The same for a comment whose text may be long.
    static func response(
        with comment: Comment, on loop: any LoopServices
    ) async throws -> Response {
        var response = Response.json(try await comment.json(on: loop))
        response.fieldLines = line(comment.updatedAt)
        return response
    }

    /// What the request's If-Match and If-None-Match ask of the comment; `nil` when there is neither.
    ///
    /// A comment that is not there is a 404 before it can be a 412 (RFC 9110, section 13.2.1).
    static func condition(of request: Request) -> CommentCondition? {
        guard let conditions = Preconditions.ofTags(in: request) else { return nil }
        return { comment in conditions.verdict(on: text(comment.updatedAt)) == .proceed }
    }
}
