/// Takes `multipart/form-data` apart while it arrives (RFC 7578; RFC 2046, section 5.1).
///
/// Knows bytes only: what comes out are the heads of parts, pieces of their bodies, and their ends. Keeps no more than one
/// head, or a boundary's length of a body, from one call to the next.
struct MultipartParser {
    enum Event: Equatable {
        /// A part begins; its header lines.
        case head([UInt8])
        case data(ArraySlice<UInt8>)
        case end
    }

    struct Malformed: Error {}

    /// The header lines of one part take at most so many bytes.
    private static let headLimit = 16 << 10

    private enum State {
        /// Before the first boundary.
        case start
        /// Right after a boundary: what follows says whether it was the last.
        case boundary
        case head, body, done
    }

    /// `\r\n--boundary`.
    private let delimiter: [UInt8]
    private var state = State.start
    private var pending: [UInt8] = []

    init(boundary: String) {
        delimiter = Array("\r\n--\(boundary)".utf8)
    }

    /// Takes more bytes and gives what they complete; throws `Malformed`.
    mutating func take(_ bytes: [UInt8]) throws(Malformed) -> [Event] {
        pending += bytes
        var events: [Event] = []
        var rest = pending[...]
        while try step(&rest, &events) {}
        pending = Array(rest)
        return events
    }

    /// Goes one step on; says whether there may be another.
    private mutating func step(
        _ rest: inout ArraySlice<UInt8>, _ events: inout [Event]
    ) throws(Malformed) -> Bool {
        switch state {
        case .start:
            // Line breaks alone may come before the first boundary, as in Starlette.
            rest = rest.drop { $0 == 13 || $0 == 10 }
            let first = delimiter.dropFirst(2)
            guard rest.prefix(first.count).elementsEqual(first.prefix(rest.count)) else { throw Malformed() }
            guard rest.count >= first.count else { return false }
            rest = rest.dropFirst(first.count)
            state = .boundary
        case .body:
            let found = MultipartParser.find(delimiter, in: rest)
            // What might be the beginning of a boundary waits for more.
            let certain = found?.lowerBound ?? max(rest.startIndex, rest.endIndex - delimiter.count + 1)
            if certain > rest.startIndex { events.append(.data(rest[..<certain])) }
            rest = rest[(found?.upperBound ?? certain)...]
            guard found != nil else { return false }
            events.append(.end)
            state = .boundary
        case .boundary:
            guard rest.count >= 2 else { return false }
            if rest.starts(with: [45, 45]) {
                state = .done
            } else if rest.starts(with: [13, 10]) {
                // The line break stays: a part without header lines has an empty line at once.
                state = .head
            } else if rest.first == 32 || rest.first == 9 {
                rest = rest.dropFirst()
            } else {
                throw Malformed()
            }
        case .head:
            guard let end = MultipartParser.find([13, 10, 13, 10], in: rest) else {
                guard rest.count <= MultipartParser.headLimit else { throw Malformed() }
                return false
            }
            guard end.lowerBound - rest.startIndex <= MultipartParser.headLimit else { throw Malformed() }
            events.append(.head(Array(rest[..<end.lowerBound].dropFirst(2))))
            rest = rest[end.upperBound...]
            state = .body
        case .done:
            rest = []
            return false
        }
        return true
    }

    /// The first place where `needle` stands, whose first byte is a carriage return.
    private static func find(_ needle: [UInt8], in bytes: ArraySlice<UInt8>) -> Range<Int>? {
        // Both arrays outlive the call, and every index is below their counts.
        let offset = unsafe bytes.withUnsafeBufferPointer { bytes in
            unsafe needle.withUnsafeBufferPointer { needle -> Int? in
                var start = 0
                while start + needle.count <= bytes.count {
                    var length = 0
                    while length < needle.count, unsafe bytes[start + length] == needle[length] {
                        length += 1
                    }
                    if length == needle.count { return start }
                    start += 1
                    while start < bytes.count, unsafe bytes[start] != 13 { start += 1 }
                }
                return nil
            }
        }
        return offset.map { (bytes.startIndex + $0)..<(bytes.startIndex + $0 + needle.count) }
    }
}
