import CraneSchema

/// A page of comments as it is answered.
struct CommentList: Sendable {
    /// The comments as `[Comment].schema` writes them.
    let json: [UInt8]
    /// How many comments the page holds.
    let count: Int
    /// The id of the last one.
    let lastID: Int?
    /// How many of them the JSON holds, fewer where it would be longer than was asked for.
    let written: Int
    /// The id of the last one in the JSON.
    let lastWritten: Int?

    /// Whether there are comments that the JSON does not hold.
    var isCut: Bool { written < count }
}

/// Writes a page row by row as a store reads it, so that no row's texts are made into strings.
struct CommentListWriter: ~Copyable {
    private var json: JSONWriter
    private(set) var count = 0
    private(set) var lastID: Int?
    private var written = 0
    private var lastWritten: Int?
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
        if written > 0 { json.byte(UInt8(ascii: ",")) }
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
        written += 1
        lastWritten = id
        skip(id: id)
    }

    /// Counts a comment for which there is no room.
    mutating func skip(id: Int) {
        count += 1
        lastID = id
    }

    /// Whether the JSON is long enough to end here.
    var isFull: Bool { json.count >= bound }

    /// Ends the page.
    consuming func finish() -> CommentList {
        json.byte(UInt8(ascii: "]"))
        return CommentList(
            json: json.bytes, count: count, lastID: lastID, written: written, lastWritten: lastWritten)
    }
}
