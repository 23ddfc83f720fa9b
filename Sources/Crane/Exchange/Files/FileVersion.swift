import CraneHTTP
import CraneSystem
import HTTPTypes

/// Which state of a file a response is about.
struct FileVersion: Equatable {
    /// The entity tag, quotes included; a strong one unless the response has a weak one of its own.
    let tag: String
    /// Seconds since 1970; `nil` where nobody knows.
    let modified: Int64?

    /// Whether a range may be sent: `If-Range` names this very version, or is not there (RFC 9110, section 13.1.5).
    func allowsRange(_ request: Request) -> Bool {
        guard let condition = request.headers[.ifRange] else { return true }
        // Compared strongly (section 8.8.3.2): a weak tag is not even its own equal.
        let isTag = condition.isSpelt(tag) && !tag.begins(with: "W/")
        return isTag || modified.map { HTTPTime.seconds(condition) == $0 } ?? false
    }

    /// The fields of a file in that state.
    func fields(_ contentType: String) -> HTTPFields {
        var fields: HTTPFields = [.contentType: contentType, .acceptRanges: "bytes", .eTag: tag]
        if let modified { fields[.lastModified] = HTTPTime.text(modified) }
        return fields
    }
}

extension FileVersion {
    /// A file's, or what the response's own fields say of it. No file is of a time to come (RFC 9110, section 8.8.2.1).
    init(_ file: OpenFile, _ own: HTTPFields) {
        let parts = [file.modified.seconds, file.modified.nanoseconds, Int64(file.size)]
        tag = own[.eTag] ?? "\"\(parts.map { String($0, radix: 16) }.joined(separator: "-"))\""
        modified =
            own[.lastModified].flatMap(HTTPTime.seconds)
            ?? min(file.modified.seconds, Int64(SystemTime.wall() / 1_000_000_000))
    }
}
