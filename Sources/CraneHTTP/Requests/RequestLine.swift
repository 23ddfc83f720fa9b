internal import HTTPTypes

/// The request line as it is being read (RFC 9112, section 3), resumable at any byte; offsets count from its first byte.
struct RequestLine {
    /// The forms of a request-target (RFC 9112, section 3.2).
    enum Form: Equatable {
        case origin
        case absolute(authority: ByteRange)
        case asterisk
    }

    private enum Stage: UInt8 {
        case method, target, version, carriageReturn, lineFeed
    }

    /// The longest method looked at; what is longer is taken for something that is not HTTP.
    private static let methodLimit = 32

    private var stage = Stage.method
    /// The next byte to look at; just after the line once it is complete.
    private(set) var position = 0
    private(set) var methodEnd = 0
    private(set) var targetEnd = 0
    private(set) var minorVersion: UInt8 = 1
    private(set) var questionMark: Int?
    private(set) var pathHasPercent = false

    // Known once the target has been read.
    var form = Form.origin
    var path = ByteRange()
    var query: ByteRange?
    /// The path that an absolute target without one stands for.
    var impliedPath: StaticString?

    /// Looks at the bytes before `stop`; returns whether the line is complete.
    mutating func scan(_ base: UnsafeRawPointer, _ stop: Int) throws(WireError) -> Bool {
        while position < stop {
            switch stage {
            case .method:
                guard try unsafe scanMethod(base, stop) else { return false }
                fallthrough
            case .target:
                guard try unsafe scanTarget(base, stop) else { return false }
                fallthrough
            case .version:
                guard try unsafe scanVersion(base, stop), position < stop else { return false }
                fallthrough
            case .carriageReturn:
                try unsafe expect(13, base)
                stage = .lineFeed
                guard position < stop else { return false }
                fallthrough
            case .lineFeed:
                try unsafe expect(10, base)
                try unsafe readTarget(base)
                return true
            }
        }
        return false
    }

    private mutating func expect(_ byte: UInt8, _ base: UnsafeRawPointer) throws(WireError) {
        guard unsafe base.load(fromByteOffset: position, as: UInt8.self) == byte else {
            throw .malformed("a request line that does not end in CRLF")
        }
        position &+= 1
    }

    private mutating func scanMethod(_ base: UnsafeRawPointer, _ stop: Int) throws(WireError) -> Bool {
        // Nearly always it is GET, and whole: four bytes within the `stop` that may be read.
        if position == 0, stop >= 4,
            unsafe UInt32(littleEndian: base.loadUnaligned(as: UInt32.self)) == 0x2054_4547
        {
            methodEnd = 3
            position = 4
            stage = .target
            return true
        }
        let index = unsafe endOfToken(base, from: position, to: min(stop, RequestLine.methodLimit + 1))
        if index > RequestLine.methodLimit { throw .malformed("a method that is too long") }
        position = index
        guard index < stop else { return false }
        guard unsafe base.load(fromByteOffset: index, as: UInt8.self) == 32, index > 0 else {
            throw .malformed("a method that is not a token")
        }
        methodEnd = index
        position = index &+ 1
        stage = .target
        return true
    }

    private mutating func scanTarget(_ base: UnsafeRawPointer, _ stop: Int) throws(WireError) -> Bool {
        var index = position
        while true {
            if questionMark == nil {
                index = unsafe endOfTargetBytes(base, from: index, to: stop, isQuery: false)
            } else {
                index = unsafe endOfTargetBytes(base, from: index, to: stop, isQuery: true)
            }
            position = index
            guard index < stop else { return false }
            switch unsafe base.load(fromByteOffset: index, as: UInt8.self) {
            case UInt8(ascii: "?"): questionMark = index
            case UInt8(ascii: "%"): pathHasPercent = true
            case UInt8(ascii: " ") where index > methodEnd &+ 1:
                targetEnd = index
                position = index &+ 1
                stage = .version
                return true
            default: throw .malformed("a byte that does not belong in a request target")
            }
            index &+= 1
        }
    }

    /// RFC 9112, section 2.3: the version is `HTTP/` digit `.` digit, in upper case. A higher minor version is served as 1.1, the
    /// highest that is known here (RFC 9110, section 2.5).
    private mutating func scanVersion(_ base: UnsafeRawPointer, _ stop: Int) throws(WireError) -> Bool {
        let start = targetEnd &+ 1
        // Nearly always it is 1.1, and whole: eight bytes within the `stop` that may be read.
        if position == start, stop &- start >= 8,
            unsafe UInt64(littleEndian: base.loadUnaligned(fromByteOffset: start, as: UInt64.self))
                == 0x312E_312F_5054_5448
        {
            position = start &+ 8
            minorVersion = 1
            stage = .carriageReturn
            return true
        }
        while position < stop {
            let byte = unsafe base.load(fromByteOffset: position, as: UInt8.self)
            let offset = position &- start
            position &+= 1
            switch offset {
            case 5:
                guard isDigit(byte) else { throw .malformed("not an HTTP version") }
            case 7:
                guard isDigit(byte) else { throw .malformed("not an HTTP version") }
                let major = unsafe base.load(fromByteOffset: start &+ 5, as: UInt8.self)
                guard major == UInt8(ascii: "1") else {
                    throw WireError(status: 505, reason: "a major version of HTTP other than 1")
                }
                minorVersion = min(byte &- 48, 1)
                stage = .carriageReturn
                return true
            default:
                guard unsafe byte == RequestLine.version.utf8Start[offset] else {
                    throw .malformed("not an HTTP version")
                }
            }
        }
        return false
    }

    private static let version: StaticString = "HTTP/1.1"
}

extension RequestLine {
    /// The method; the known ones are constants, others are strings of their own.
    func method(_ base: UnsafeRawPointer) -> (HTTPRequest.Method, MethodKind)? {
        switch methodEnd {
        case 3:
            if unsafe isMethod(base, "GET") { return (.get, .get) }
            if unsafe isMethod(base, "PUT") { return (.put, .other) }
        case 4:
            if unsafe isMethod(base, "POST") { return (.post, .other) }
            if unsafe isMethod(base, "HEAD") { return (.head, .head) }
        case 5:
            if unsafe isMethod(base, "PATCH") { return (.patch, .other) }
            if unsafe isMethod(base, "TRACE") { return (.trace, .other) }
            if unsafe isMethod(base, "QUERY") { return (.query, .other) }
        case 6:
            if unsafe isMethod(base, "DELETE") { return (.delete, .other) }
        case 7:
            if unsafe isMethod(base, "OPTIONS") { return (.options, .other) }
            if unsafe isMethod(base, "CONNECT") { return (.connect, .other) }
        default: break
        }
        let text = unsafe String(
            decoding: UnsafeRawBufferPointer(start: base, count: methodEnd), as: UTF8.self)
        return HTTPRequest.Method(text).map { ($0, .other) }
    }

    /// Methods are case-sensitive (RFC 9110, section 9.1).
    @inline(__always)
    func isMethod(_ base: UnsafeRawPointer, _ name: StaticString) -> Bool {
        guard methodEnd == name.utf8CodeUnitCount else { return false }
        var index = 0
        while index < methodEnd {
            guard unsafe base.load(fromByteOffset: index, as: UInt8.self) == name.utf8Start[index] else {
                return false
            }
            index &+= 1
        }
        return true
    }
}
