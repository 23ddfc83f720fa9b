extension RequestLine {
    /// Takes the target apart by its form (RFC 9112, section 3.2).
    mutating func readTarget(_ base: UnsafeRawPointer) throws(WireError) {
        let start = methodEnd + 1
        let first = unsafe base.load(fromByteOffset: start, as: UInt8.self)
        if unsafe isMethod(base, "CONNECT") {
            // RFC 9110, section 9.3.6: what follows an answered CONNECT is no longer HTTP; an origin server need not have it.
            guard unsafe isAuthorityWithPort(base) else {
                throw .malformed("CONNECT to what is not host and port")
            }
            throw WireError(status: 501, reason: "CONNECT is not implemented")
        }
        if first == UInt8(ascii: "/") {
            splitPath(from: start)
        } else if first == UInt8(ascii: "*") {
            guard targetEnd == start + 1, unsafe isMethod(base, "OPTIONS") else {
                throw .malformed("an asterisk target for a method other than OPTIONS")
            }
            form = .asterisk
            path = ByteRange(start: start, end: targetEnd)
        } else {
            try unsafe readAbsolute(base, from: start)
        }
    }

    private mutating func splitPath(from start: Int) {
        path = ByteRange(start: start, end: questionMark ?? targetEnd)
        if let questionMark { query = ByteRange(start: questionMark + 1, end: targetEnd) }
    }

    /// `http://host:port/path?query`: the host stands in for the Host field (RFC 9112, section 3.2.2).
    private mutating func readAbsolute(_ base: UnsafeRawPointer, from start: Int) throws(WireError) {
        let length = targetEnd - start
        let authority: Int
        if length > 7, unsafe matches(base + start, 7, "http://") {
            authority = start + 7
        } else if length > 8, unsafe matches(base + start, 8, "https://") {
            authority = start + 8
        } else {
            throw .malformed("a request target of no known form")
        }
        var end = authority
        let pathLimit = questionMark ?? targetEnd
        while end < pathLimit, unsafe base.load(fromByteOffset: end, as: UInt8.self) != UInt8(ascii: "/") {
            end += 1
        }
        // RFC 9110, sections 4.2.1 and 4.2.4: an empty host and user information are refused.
        let host = unsafe RawSpan(_unsafeStart: base + authority, byteCount: end - authority)
        guard hostSyntax(Span(_bytes: host)) == .named else {
            throw .malformed("a target whose authority is not host and port")
        }
        form = .absolute(authority: ByteRange(start: authority, end: end))
        splitPath(from: end)
        if path.count == 0 {
            // RFC 9112, section 3.2.4: for OPTIONS an absent path means the server as a whole.
            impliedPath = unsafe query == nil && isMethod(base, "OPTIONS") ? "*" : "/"
        }
    }

    private func isAuthorityWithPort(_ base: UnsafeRawPointer) -> Bool {
        let start = methodEnd + 1
        let host = unsafe RawSpan(_unsafeStart: base + start, byteCount: targetEnd - start)
        guard hostSyntax(Span(_bytes: host)) == .named else { return false }
        guard unsafe isDigit(base.load(fromByteOffset: targetEnd - 1, as: UInt8.self)) else { return false }
        var index = targetEnd - 1
        while index > start, unsafe isDigit(base.load(fromByteOffset: index, as: UInt8.self)) { index -= 1 }
        return unsafe base.load(fromByteOffset: index, as: UInt8.self) == UInt8(ascii: ":")
    }
}
