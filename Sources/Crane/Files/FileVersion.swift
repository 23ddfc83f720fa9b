import HTTPTypes
import HTTPWire

/// Which state of a file an answer is about, and what a request's conditions mean for it (RFC 9110, section 13).
struct FileVersion: Equatable {
    /// A strong entity tag, quotes included.
    let tag: String
    /// Seconds since 1970.
    let modified: Int64

    enum Verdict: Equatable {
        case proceed
        case notModified
        case preconditionFailed
    }

    /// RFC 9110, section 13.2.2: the order in which conditions count.
    func verdict(on request: Request) -> Verdict {
        let headers = request.headers
        if let tags = headers[.ifMatch] {
            if !matches(tags, weakly: false) { return .preconditionFailed }
        } else if let since = headers[.ifUnmodifiedSince].flatMap(HTTPTime.seconds), modified > since {
            return .preconditionFailed
        }
        let reads = request.method == .get || request.method == .head
        if let tags = headers[.ifNoneMatch] {
            if matches(tags, weakly: true) { return reads ? .notModified : .preconditionFailed }
        } else if reads, let since = headers[.ifModifiedSince].flatMap(HTTPTime.seconds), modified <= since {
            return .notModified
        }
        return .proceed
    }

    /// Whether a range may be sent: `If-Range` names this very version, or is not there (RFC 9110, section 13.1.5).
    func allowsRange(_ request: Request) -> Bool {
        guard let condition = request.headers[.ifRange] else { return true }
        return condition == tag || HTTPTime.seconds(condition) == modified
    }

    /// Whether the list of tags holds this version's; `*` stands for any.
    private func matches(_ list: String, weakly: Bool) -> Bool {
        if list == "*" { return true }
        // No tag of ours holds a comma, so that cutting foreign ones in two changes nothing.
        return list.pieces(at: ",").contains { element in
            let candidate = element.withoutBlanks
            return candidate.isSpelt(tag) || weakly && candidate.isSpelt("W/" + tag)
        }
    }
}

extension FileVersion {
    init(_ file: OpenFile) {
        let parts = [file.modified.seconds, file.modified.nanoseconds, Int64(file.size)]
        tag = "\"\(parts.map { String($0, radix: 16) }.joined(separator: "-"))\""
        modified = file.modified.seconds
    }
}
