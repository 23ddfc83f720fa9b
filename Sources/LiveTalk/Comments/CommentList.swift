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

/// What a page is while a store writes it row by row, so that no row's texts are made into strings.
struct CommentListWriter {
    private(set) var count = 0
    private(set) var lastID: Int?
    private var written = 0
    private var lastWritten: Int?
    private let bound: Int

    private init(bound: Int) {
        self.bound = bound
    }

    /// The page that `fill` writes.
    ///
    /// - Parameters:
    ///   - limit: how many comments there will be at most.
    ///   - bound: so many bytes of JSON are enough.
    static func list(
        limit: Int, bound: Int, _ fill: (inout CommentListWriter, inout JSONWriter) throws -> Void
    ) rethrows -> CommentList {
        var page = CommentListWriter(bound: bound)
        // Room for texts of a usual length, so that the buffer need not grow.
        let json = try JSONWriter.bytes(capacity: 256 * limit) { json in
            json.byte(UInt8(ascii: "["))
            try fill(&page, &json)
            json.byte(UInt8(ascii: "]"))
        }
        return CommentList(
            json: json, count: page.count, lastID: page.lastID, written: page.written,
            lastWritten: page.lastWritten)
    }

    /// Appends a comment, whose JSON is written by `write`; where that gives it up the comment is counted only.
    mutating func append(
        id: Int, to json: inout JSONWriter, _ write: (inout JSONWriter) throws -> Bool
    ) rethrows -> Bool {
        let start = json.count
        skip(id: id)
        if written > 0 { json.byte(UInt8(ascii: ",")) }
        guard try write(&json) else {
            json.cut(at: start)
            return false
        }
        written += 1
        lastWritten = id
        return true
    }

    /// Counts a comment for which there is no room.
    mutating func skip(id: Int) {
        count += 1
        lastID = id
    }

    /// Whether the JSON is long enough to end here.
    func isFull(_ json: borrowing JSONWriter) -> Bool { json.count >= bound }
}
