import CraneSchema

/// Where a client wants to begin.
enum FeedStart: Hashable, Sendable {
    /// With what happens from now on.
    case now
    case behind(FeedPosition)
    /// Behind what is no position of this feed.
    case nowhere

    /// - Parameters:
    ///   - after: what the client says in the query.
    ///   - lastEventID: what its browser says, which has come further since.
    init(after: String?, lastEventID: String?) {
        let said = lastEventID.flatMap { $0.isEmpty ? nil : $0 } ?? after
        guard let said else {
            self = .now
            return
        }
        self = FeedPosition(said).map { .behind($0) } ?? .nowhere
    }

    /// Takes it from a request.
    static let input = Dependency(Query("after", String?.self), Header("Last-Event-ID", String?.self)) {
        FeedStart(after: $0, lastEventID: $1)
    }
}
