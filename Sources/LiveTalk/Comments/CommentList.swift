import Schema

/// A page of comments as it is answered.
struct CommentList: Sendable {
    /// The comments as `[Comment].schema` writes them.
    let json: [UInt8]
    let count: Int
    /// The id of the last one.
    let lastID: Int?
    /// Whether the page ends before its time, because its JSON would be longer than was asked for.
    let isCut: Bool
}

/// Writes a page row by row as a store reads it, so that no row's texts are made into strings.
struct CommentListWriter: ~Copyable {
    private var json: JSONWriter
    private var count = 0
    private var lastID: Int?
    private let bound: Int

    private static let openings = Comment.schema.openings

    /// - Parameters:
    ///   - limit: how many comments there will be at most.
    ///   - bound: so many bytes of JSON are enough.
    init(limit: Int, bound: Int) {
        self.bound = bound
        // Room for texts of a usual length, so that the buffer need not grow.
        json = JSONWriter(capacity: 256 * limit)
        json.byte(UInt8(ascii: "["))
    }

    /// Appends a comment of which the texts are UTF-8; what is not becomes U+FFFD.
    mutating func append(
        id: Int, talkID: Int, userIP: Span<UInt8>, text: Span<UInt8>, createdAt: Timestamp,
        updatedAt: Timestamp
    ) {
        if count > 0 { json.byte(UInt8(ascii: ",")) }
        let openings = Self.openings
        json.opening(openings, at: 0)
        json.integer(id)
        json.opening(openings, at: 1)
        json.integer(talkID)
        json.opening(openings, at: 2)
        json.string(userIP)
        json.opening(openings, at: 3)
        json.string(text)
        json.opening(openings, at: 4)
        json.timestamp(createdAt)
        json.opening(openings, at: 5)
        json.timestamp(updatedAt)
        json.byte(UInt8(ascii: "}"))
        count += 1
        lastID = id
    }

    /// Whether the page is long enough to end here.
    var isFull: Bool { json.count >= bound }

    /// Ends the page.
    consuming func finish() -> CommentList {
        let isCut = isFull
        json.byte(UInt8(ascii: "]"))
        return CommentList(json: json.bytes, count: count, lastID: lastID, isCut: isCut)
    }
}
