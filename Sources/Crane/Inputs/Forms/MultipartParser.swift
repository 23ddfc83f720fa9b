import CraneSystem

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

    /// So many blanks may stand behind a boundary (RFC 2046, section 5.1.1: transport padding).
    private static let mostBlanks = 256

    private enum State {
        /// Before the first boundary.
        case start
        case head, body, done
    }

    /// What the line is that begins with the boundary.
    private enum Line {
        /// Another part follows; where its line break is.
        case next(Int)
        /// The form ends.
        case last
        /// It only begins like a boundary.
        case content
        /// That cannot be told yet.
        case unknown
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
        return try events(isWhole: false)
    }

    /// Gives what the end of the body completes; throws `Malformed` where the last boundary is missing.
    mutating func finish() throws(Malformed) -> [Event] {
        let events = try events(isWhole: true)
        guard state == .done else { throw Malformed() }
        return events
    }

    private mutating func events(isWhole: Bool) throws(Malformed) -> [Event] {
        var events: [Event] = []
        var rest = pending[...]
        while try step(&rest, isWhole, &events) {}
        pending = Array(rest)
        return events
    }

    /// Goes one step on; says whether there may be another.
    private mutating func step(
        _ rest: inout ArraySlice<UInt8>, _ isWhole: Bool, _ events: inout [Event]
    ) throws(Malformed) -> Bool {
        switch state {
        case .start:
            // Line breaks alone may come before the first boundary, as in Starlette.
            rest = rest.drop { $0 == 13 || $0 == 10 }
            let first = delimiter.dropFirst(2)
            guard rest.prefix(first.count).elementsEqual(first.prefix(rest.count)) else { throw Malformed() }
            guard rest.count >= first.count else { return false }
            switch line(rest.dropFirst(first.count), isWhole) {
            case .content: throw Malformed()
            case .unknown: return false
            case let line: pass(line, &rest)
            }
        case .body: return bodyStep(&rest, isWhole, &events)
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

    private mutating func bodyStep(
        _ rest: inout ArraySlice<UInt8>, _ isWhole: Bool, _ events: inout [Event]
    ) -> Bool {
        guard let found = MultipartParser.find(delimiter, in: rest) else {
            // What might be the beginning of a boundary waits for more.
            let certain = max(rest.startIndex, rest.endIndex - delimiter.count + 1)
            if certain > rest.startIndex { events.append(.data(rest[..<certain])) }
            rest = rest[certain...]
            return false
        }
        let line = line(rest[found.upperBound...], isWhole)
        var end = found.lowerBound
        // A line break that stays may begin the next boundary, so no more than it is content.
        if case .content = line { end += 1 }
        if end > rest.startIndex { events.append(.data(rest[..<end])) }
        rest = rest[end...]
        switch line {
        case .content: return true
        case .unknown: return false
        case .next, .last:
            events.append(.end)
            pass(line, &rest)
            return true
        }
    }

    /// Goes past the line of a boundary; its line break stays: a part without header lines has an empty line at once.
    private mutating func pass(_ line: Line, _ rest: inout ArraySlice<UInt8>) {
        if case .next(let end) = line {
            rest = rest[end...]
            state = .head
        } else {
            rest = []
            state = .done
        }
    }

    /// Reads what stands behind a boundary: blanks and a line break, with two hyphens before them for the last one.
    private func line(_ rest: ArraySlice<UInt8>, _ isWhole: Bool) -> Line {
        if rest.count < 2, !isWhole, rest.allSatisfy({ $0 == 45 }) { return .unknown }
        let isLast = rest.starts(with: [45, 45])
        let behind = isLast ? rest.dropFirst(2) : rest
        let end = behind.drop(while: \.isBlank)
        guard end.startIndex - behind.startIndex <= MultipartParser.mostBlanks else { return .content }
        if end.starts(with: [13, 10]) { return isLast ? .last : .next(end.startIndex) }
        guard end.isEmpty || end.elementsEqual([13]) else {
            // A last line that ends in a line feed alone loses nothing.
            return isLast && end.first == 10 ? .last : .content
        }
        return isWhole ? isLast ? .last : .content : .unknown
    }

    /// The first place where `needle` stands, whose first byte is a carriage return.
    private static func find(_ needle: [UInt8], in bytes: ArraySlice<UInt8>) -> Range<Int>? {
        let text = bytes.span
        let needle = needle.span
        var start = 0
        while start + needle.count <= text.count {
            var length = 0
            while length < needle.count, text[start + length] == needle[length] { length += 1 }
            if length == needle.count {
                return (bytes.startIndex + start)..<(bytes.startIndex + start + needle.count)
            }
            start += 1
            while start < text.count, text[start] != 13 { start += 1 }
        }
        return nil
    }
}
