public import CraneHTTP
import CraneSystem

/// What a request demands of the present state of what it reads or changes (RFC 9110, section 13).
///
/// ```swift
/// switch Preconditions(request).verdict(on: "\"v7\"") {
/// case .proceed: …
/// case .notModified: Response(status: .notModified, headers: [.eTag: "\"v7\""])
/// case .failed: throw HTTPError(.preconditionFailed)
/// }
/// ```
/// A change looks at them within its own transaction, so that nothing comes between the two.
public struct Preconditions: Sendable {
    /// What becomes of the request.
    public enum Verdict: Sendable, Equatable {
        case proceed
        /// 304: the client has this state.
        case notModified
        /// 412: the state is another one than the client demands.
        case failed
    }

    private let reads: Bool
    private let match: String?
    private let noneMatch: String?
    private let unmodifiedSince: Int64?
    private let modifiedSince: Int64?

    /// The conditions of a request, those of dates among them.
    public init(_ request: Request) {
        let headers = request.headers
        reads = request.method == .get || request.method == .head
        match = headers[.ifMatch]
        noneMatch = headers[.ifNoneMatch]
        unmodifiedSince = headers[.ifUnmodifiedSince].flatMap(HTTPTime.seconds)
        modifiedSince = headers[.ifModifiedSince].flatMap(HTTPTime.seconds)
    }

    /// What the conditions say of a state, in their order (RFC 9110, section 13.2.2).
    ///
    /// - Parameters:
    ///   - tag: its entity tag, quotes included.
    ///   - modified: when it came about, in seconds since 1970; `nil` where nobody knows, and conditions of dates do not count.
    public func verdict(on tag: String, modified: Int64? = nil) -> Verdict {
        if let match {
            if !EntityTags(match).contains(tag, weakly: false) { return .failed }
        } else if let modified, let unmodifiedSince, modified > unmodifiedSince {
            return .failed
        }
        if let noneMatch {
            if EntityTags(noneMatch).contains(tag, weakly: true) { return reads ? .notModified : .failed }
        } else if reads, let modified, let modifiedSince, modified <= modifiedSince {
            return .notModified
        }
        return .proceed
    }

    /// The conditions of a request that names tags, `nil` for any other: it then need not look at the present state.
    public static func ofTags(in request: Request) -> Preconditions? {
        let headers = request.headers
        return headers.contains(.ifNoneMatch) || headers.contains(.ifMatch) ? Preconditions(request) : nil
    }
}

/// The list of an `If-Match` or `If-None-Match` field (RFC 9110, section 8.8.3).
private struct EntityTags {
    private let list: String

    init(_ list: String) { self.list = list }

    /// Whether the list names the tag; `*` stands for any. Weak tags are nobody's equal but `weakly` (section 8.8.3.2).
    func contains(_ tag: String, weakly: Bool) -> Bool {
        let weak = "W/"
        if tag.begins(with: weak), !weakly { return list.withoutBlanks.isSpelt("*") }
        let opaque = tag.begins(with: weak) ? tag.utf8.dropFirst(2) : tag.utf8[...]
        var rest = list.utf8[...]
        while let first = rest.first {
            // A tag may hold commas: it ends at its second quote. What is none ends at the next comma.
            let isWeak = rest.starts(with: weak.utf8)
            let start = isWeak ? rest.dropFirst(2) : rest
            let close = start.dropFirst().firstIndex(of: UInt8(ascii: "\""))
            if start.first == UInt8(ascii: "\""), let close {
                let end = start.index(after: close)
                if weakly || !isWeak, start[..<end].elementsEqual(opaque) { return true }
                rest = start[end...]
            } else if first == UInt8(ascii: ",") || first.isBlank {
                rest = rest.dropFirst()
            } else {
                let word = rest.prefix { $0 != UInt8(ascii: ",") }
                if String(Substring(word)).withoutBlanks.isSpelt("*") { return true }
                rest = rest[word.endIndex...]
            }
        }
        return false
    }
}
