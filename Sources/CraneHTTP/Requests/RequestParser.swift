/// Reads the head of a request (RFC 9112, sections 2 to 6), resumable at any byte.
///
/// A head that is whole in the read buffer is scanned there once and copied once; the bytes of a split head are kept in the
/// request, and each is looked at once however they arrive. Takes the strict side wherever servers are known to disagree.
/// Allocates nothing on the ordinary path. After an error the connection is of no more use.
package struct RequestParser {
    private enum Stage: UInt8 {
        case emptyLines, emptyLineFeed, requestLine, fields
    }

    /// Empty lines a client may send before a request (RFC 9112, section 2.2 asks for at least one).
    private static let emptyLineLimit = 4

    private let limits: WireLimits
    private var stage = Stage.emptyLines
    private var emptyLineCount = 0
    private var line = RequestLine()
    private var fields = FieldScanner(position: 0)
    private var facts = FieldFacts()

    package init(limits: WireLimits) {
        self.limits = limits.clamped
    }

    /// Whether no byte of a head has been seen.
    package var isIdle: Bool { stage == .emptyLines || stage == .emptyLineFeed }

    /// Makes ready for the next head.
    package mutating func reset() {
        stage = .emptyLines
        emptyLineCount = 0
    }

    /// Parses a head; `request` has been reset before its first bytes.
    ///
    /// Returns the bytes of `input` that belonged to the head once it is complete, and makes itself ready for the next one.
    /// Returns `nil` when the head goes on: all of `input` has been taken. Throws `WireError` as soon as a byte shows the
    /// head to be refused.
    package mutating func parse(
        _ input: UnsafeRawBufferPointer, into request: Request
    ) throws(WireError) -> Int? {
        guard let start = input.baseAddress else { return nil }
        if !isIdle { return try unsafe resume(start, input.count, request) }
        let skipped = try unsafe skipEmptyLines(input)
        guard skipped < input.count else { return nil }
        request.byteCount = 0
        line = RequestLine()
        let head = unsafe start + skipped
        let length = input.count - skipped
        let used: Int?
        do {
            used = try unsafe scan(head, length, request)
        } catch {
            // Of what is refused the first line is kept, for the log.
            unsafe request.append(UnsafeRawBufferPointer(start: head, count: min(length, line.position)))
            noteLine(request)
            throw error
        }
        unsafe request.append(UnsafeRawBufferPointer(start: head, count: used ?? length))
        guard let used else { return nil }
        do {
            try finish(request)
        } catch {
            noteLine(request)
            throw error
        }
        return skipped + used
    }

    /// Has a request that is refused know its method and path as far as the line was read, and nothing of another one.
    package func noteLine(_ request: Request) {
        request.methodRange = ByteRange(start: 0, end: line.methodEnd)
        let isKnown = stage == .fields
        request.rawPathRange = isKnown ? line.path : ByteRange()
        request.pathRange = request.rawPathRange
        // Of a target that is too long, the beginning; never the query, as in any log.
        if !isKnown, line.methodEnd > 0, line.position > line.methodEnd {
            let end = line.questionMark ?? (line.targetEnd > 0 ? line.targetEnd : line.position)
            request.rawPathRange = ByteRange(start: line.methodEnd + 1, end: end)
        }
    }

    /// Goes on with a head whose first bytes the request already holds.
    private mutating func resume(
        _ start: UnsafeRawPointer, _ count: Int, _ request: Request
    ) throws(WireError) -> Int? {
        var taken = 0
        while taken < count {
            // In small pieces, so that a body behind the head does not swell the request's memory.
            let piece = min(1024, count - taken)
            let held = request.byteCount
            unsafe request.append(UnsafeRawBufferPointer(start: start + taken, count: piece))
            do {
                if let used = try unsafe scan(request.memory, request.byteCount, request) {
                    request.byteCount = used
                    try finish(request)
                    return taken + used - held
                }
            } catch {
                noteLine(request)
                throw error
            }
            taken += piece
        }
        return nil
    }

    private mutating func skipEmptyLines(_ input: UnsafeRawBufferPointer) throws(WireError) -> Int {
        var index = 0
        while index < input.count {
            let byte = unsafe input[index]
            if stage == .emptyLineFeed {
                guard byte == 10 else { throw .malformed("a carriage return without a line feed") }
                stage = .emptyLines
            } else if byte == 13 {
                emptyLineCount += 1
                guard emptyLineCount <= RequestParser.emptyLineLimit else {
                    throw .malformed("too many empty lines")
                }
                stage = .emptyLineFeed
            } else {
                stage = .requestLine
                return index
            }
            index += 1
        }
        return index
    }

    /// Scans what has not been looked at of the `count` bytes at `base`; returns the head's length once it is complete.
    private mutating func scan(
        _ base: UnsafeRawPointer, _ count: Int, _ request: Request
    ) throws(WireError) -> Int? {
        if stage != .fields {
            let limit = limits.requestLine + 2
            let stop = min(count, limit)
            guard try unsafe line.scan(base, stop) else {
                if stop == limit { throw WireError(status: 414, reason: "a request line over the limit") }
                return nil
            }
            stage = .fields
            request.fields.removeAll()
            facts = FieldFacts()
            fields = FieldScanner(position: line.position)
        }
        let limit = line.position + limits.headerBytes
        let stop = min(count, limit)
        if try unsafe scanFields(base, stop, &request.fields) { return fields.position }
        if stop == limit { throw WireError(status: 431, reason: "header fields over the limit") }
        return nil
    }

    /// Returns whether the empty line has been read.
    private mutating func scanFields(
        _ base: UnsafeRawPointer, _ stop: Int, _ table: inout FieldTable
    ) throws(WireError) -> Bool {
        while true {
            switch try unsafe fields.next(base, stop) {
            case .line(let line):
                guard table.count < limits.headerCount else {
                    throw WireError(status: 431, reason: "more header fields than allowed")
                }
                try unsafe facts.note(line, at: table.count, base)
                table.append(line)
            case .end: return true
            case .more: return false
            }
        }
    }

    /// The head is complete and its bytes are the request's: writes down what they mean.
    private mutating func finish(_ request: Request) throws(WireError) {
        request.framing = try facts.framing(minorVersion: line.minorVersion)
        guard let (method, kind) = unsafe line.method(request.memory) else {
            throw .malformed("a method that is not a token")
        }
        request.parsedMethod = method
        request.methodKind = kind
        request.methodRange = ByteRange(start: 0, end: line.methodEnd)
        request.targetRange = ByteRange(start: line.methodEnd + 1, end: line.targetEnd)
        request.rawPathRange = line.path
        request.pathRange = line.path
        request.hasQuery = line.query != nil
        request.queryRange = line.query ?? ByteRange()
        try checkHost()
        if case .absolute(let authority) = line.form { request.setHost(authority, at: facts.hostIndex) }
        if let path = line.impliedPath { request.setPath(path) }
        if line.pathHasPercent { request.decodePath() }
        reset()
    }

    /// RFC 9112, section 3.2: HTTP/1.1 has exactly one Host; RFC 9110, section 4.2.1: an http URI's host is not empty.
    private func checkHost() throws(WireError) {
        if facts.hostIndex == nil {
            if line.minorVersion == 1 { throw .malformed("no Host field") }
        } else if facts.hostIsEmpty {
            if case .absolute = line.form { return }
            throw .malformed("an empty Host field")
        }
    }
}
