public import CraneHTTP

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
        reads = request.isGet || request.isHead
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
            if !EntityTagList(match).contains(tag, weakly: false) { return .failed }
        } else if let modified, let unmodifiedSince, modified > unmodifiedSince {
            return .failed
        }
        if let noneMatch {
            if EntityTagList(noneMatch).contains(tag, weakly: true) { return reads ? .notModified : .failed }
        } else if reads, let modified, let modifiedSince, modified <= modifiedSince {
            return .notModified
        }
        return .proceed
    }

    /// Throws 412 unless the conditions allow a change of this state: for who would otherwise undo what somebody else has done.
    ///
    /// ```swift
    /// try await database.write { connection in
    ///     …
    ///     try Preconditions(request).require("\(note.version)")
    /// ```
    /// A request without conditions passes.
    /// - Parameter tag: the state's entity tag; quotes are put around it where it has none.
    public func require(_ tag: String) throws(HTTPError) {
        if verdict(on: Self.quoted(tag)) == .failed { throw HTTPError(.preconditionFailed) }
    }

    /// An entity tag of a text (RFC 9110, section 8.8.3), which may be one already.
    static func quoted(_ text: String) -> String {
        text.hasSuffix("\"") && (text.hasPrefix("\"") || text.hasPrefix("W/\"")) ? text : "\"\(text)\""
    }

    /// The conditions of a request that names tags, `nil` for any other: it then need not look at the present state.
    public static func ofTags(in request: Request) -> Preconditions? {
        let headers = request.headers
        return headers.contains(.ifNoneMatch) || headers.contains(.ifMatch) ? Preconditions(request) : nil
    }
}
