import CraneSystem

/// Finds field lines up to the empty line that ends them (RFC 9112, section 5), resumable at any byte.
///
/// Works on one block of memory that grows at its end between calls; offsets count from its start. Takes CRLF only, no
/// folding, no white space before the colon and no control byte but the tab in a value.
struct FieldScanner {
    enum Step {
        case line(FieldTable.Line)
        /// The empty line has been read; `position` is just after it.
        case end
        /// The bytes ran out.
        case more
    }

    private enum Stage: UInt8 {
        case lineStart, name, padding, value, lineFeed, lastLineFeed
    }

    private var stage = Stage.lineStart
    /// The next byte to look at.
    private(set) var position: Int
    private var nameStart = 0
    private var nameEnd = 0
    private var valueStart = 0
    private var valueEnd = 0

    init(position: Int) {
        self.position = position
    }

    /// The next line, looking at the bytes before `stop`.
    @inline(__always)
    mutating func next(_ base: UnsafeRawPointer, _ stop: Int) throws(WireError) -> Step {
        while position < stop {
            switch stage {
            case .lineStart:
                if try unsafe startsLastLine(base) { continue }
                fallthrough
            case .name:
                guard try unsafe scanName(base, stop) else { return .more }
                fallthrough
            case .padding:
                guard unsafe skipPadding(base, stop) else { return .more }
                fallthrough
            case .value:
                guard try unsafe scanValue(base, stop) else { return .more }
                guard position < stop else { return .more }
                fallthrough
            case .lineFeed:
                try unsafe expectLineFeed(base)
                stage = .lineStart
                let name = ByteRange(start: nameStart, end: nameEnd)
                return .line(.init(name: name, value: ByteRange(start: valueStart, end: valueEnd)))
            case .lastLineFeed:
                try unsafe expectLineFeed(base)
                return .end
            }
        }
        return .more
    }

    @inline(__always)
    private mutating func startsLastLine(_ base: UnsafeRawPointer) throws(WireError) -> Bool {
        let byte = unsafe base.load(fromByteOffset: position, as: UInt8.self)
        if byte == 13 {
            position &+= 1
            stage = .lastLineFeed
            return true
        }
        // RFC 9112, section 5.2: a server may refuse a folded line; section 2.2 says the same of space before the first.
        if byte.isBlank { throw .malformed("a folded field line") }
        nameStart = position
        stage = .name
        return false
    }

    @inline(__always)
    private mutating func scanName(_ base: UnsafeRawPointer, _ stop: Int) throws(WireError) -> Bool {
        let index = unsafe endOfToken(base, from: position, to: stop)
        position = index
        guard index < stop else { return false }
        // RFC 9112, section 5.1: nothing stands between the name and its colon.
        guard unsafe base.load(fromByteOffset: index, as: UInt8.self) == UInt8(ascii: ":"), index > nameStart
        else {
            throw .malformed("a field name that is not a token")
        }
        nameEnd = index
        position = index &+ 1
        stage = .padding
        return true
    }

    @inline(__always)
    private mutating func skipPadding(_ base: UnsafeRawPointer, _ stop: Int) -> Bool {
        var index = position
        while index < stop {
            let byte = unsafe base.load(fromByteOffset: index, as: UInt8.self)
            guard byte.isBlank else { break }
            index &+= 1
        }
        position = index
        guard index < stop else { return false }
        valueStart = index
        stage = .value
        return true
    }

    @inline(__always)
    private mutating func scanValue(_ base: UnsafeRawPointer, _ stop: Int) throws(WireError) -> Bool {
        let index = unsafe endOfFieldValue(base, from: position, to: stop)
        position = index
        guard index < stop else { return false }
        guard unsafe base.load(fromByteOffset: index, as: UInt8.self) == 13 else {
            throw .malformed("a control byte in a field line")
        }
        position = index &+ 1
        stage = .lineFeed
        var end = index
        while end > valueStart {
            let byte = unsafe base.load(fromByteOffset: end &- 1, as: UInt8.self)
            guard byte.isBlank else { break }
            end &-= 1
        }
        valueEnd = end
        return true
    }

    @inline(__always)
    private mutating func expectLineFeed(_ base: UnsafeRawPointer) throws(WireError) {
        // RFC 9112, section 2.2: a CR that no LF follows is invalid.
        guard unsafe base.load(fromByteOffset: position, as: UInt8.self) == 10 else {
            throw .malformed("a carriage return without a line feed")
        }
        position &+= 1
    }
}
