/// Counts the rates of several servers together, such as in a Redis, by the arithmetic of ``RateLimiter``.
public protocol SharedRateCounter: Sendable {
    /// Takes one from the quota of a key, or only looks whether there is one.
    ///
    /// - Parameters:
    ///   - key: who takes, and of which quota: the same on all servers.
    ///   - interval: the microseconds that one request stands for.
    ///   - quota: how many may be taken at once.
    ///   - isTaken: false to look only.
    /// - Returns: what is so for all servers; `nil` where nobody can say it in time, and the server counts by itself.
    func count(_ key: String, interval: Int, quota: Int, isTaken: Bool) async -> SharedRate?
}

/// How a quota stands that several servers share.
public struct SharedRate: Hashable, Sendable {
    /// Whether one was left.
    public let isAllowed: Bool
    /// Microseconds until all are back.
    public let microsecondsUntilFull: Int

    public init(isAllowed: Bool, microsecondsUntilFull: Int) {
        self.isAllowed = isAllowed
        self.microsecondsUntilFull = microsecondsUntilFull
    }
}

/// A ``RateLimit`` that may ask a ``SharedRateCounter``: requests wait for its answer.
///
/// Without one it decides as `RateLimit` does, which costs less.
public struct SharedRateLimit: Middleware {
    private let limit: RateLimit

    public init(_ limit: RateLimit) { self.limit = limit }

    public func handle(_ request: Request, _ context: Context, next: Next) async throws -> Response {
        try await limit.enterShared(request, context)
        var response = await next(request, context)
        limit.leave(request, context, &response)
        return response
    }
}
