/// Cuts a file into records, a line each, with a buffer that grows to the longest record only.
struct RecordReader {
    /// Bytes of a comment's texts that an import takes: as many as the service has ever taken in a body.
    static let textLimit = 16 << 20
    /// A record longer than this is an error: JSON writes six bytes for some (`\\u0001`), and the rest is short.
    static let limit = 6 * textLimit + 1024

    /// The line, counted from 1, on which the last record began.
    private(set) var line = 0
    /// Where in the file the record after the last one begins.
    private(set) var offset = 0

    private let file: TransferFile
    /// Line feeds between quotes belong to the record (RFC 4180, section 2.6).
    private let quotes: Bool
    private var buffer: [UInt8] = []
    private var start = 0
    private var lines = 1

    init(_ file: TransferFile, quotes: Bool) {
        self.file = file
        self.quotes = quotes
    }

    /// The next record without its line end; `nil` at the end of the file.
    ///
    /// What follows the last line feed is a record too, unless only `whole` ones count.
    mutating func next(whole: Bool = false) throws(OperationError) -> ArraySlice<UInt8>? {
        line = lines
        var position = start
        var isQuoted = false
        while true {
            while position < buffer.count {
                let byte = buffer[position]
                position += 1
                if byte == UInt8(ascii: "\"") {
                    if quotes { isQuoted.toggle() }
                } else if byte == UInt8(ascii: "\n") {
                    lines += 1
                    if !isQuoted { return take(to: position, without: 1) }
                }
            }
            guard buffer.count - start <= Self.limit else {
                throw OperationError("\(file.path), line \(line): longer than 96 MiB")
            }
            let scanned = position - start
            buffer.removeFirst(start)
            start = 0
            position = scanned
            let more = try file.read()
            if more.isEmpty {
                return buffer.isEmpty || whole ? nil : take(to: buffer.count, without: 0)
            }
            buffer += more
        }
    }

    private mutating func take(to end: Int, without terminator: Int) -> ArraySlice<UInt8> {
        var record = buffer[start..<end - terminator]
        if record.last == UInt8(ascii: "\r") { record.removeLast() }
        offset += end - start
        start = end
        return record
    }
}
