public import CraneHTTP
import CraneSystem
import HTTPTypes

/// Refuses what a client asks beyond its rate: 429 `{"detail":"Rate limit exceeded"}` with `Retry-After`.
///
/// Counts for all loops of the process together, by the address that `Context.client` gives; see `RateLimiter` for what is
/// kept. Every response tells what is left in the fields `RateLimit` and `RateLimit-Policy`.
public struct RateLimit: SynchronousMiddleware {
    private let limiter: RateLimiter
    private let exempt: [[UInt8]]
    /// Whom a request counts for; `nil` for the client's address, whatever the request says.
    private let name: (@Sendable (Request, Context) -> String?)?

    /// - Parameters:
    ///   - count: requests that a client may make in the window.
    ///   - window: the time in which a client may make them.
    ///   - exempt: paths that are neither counted nor refused.
    ///   - clients: how many clients there is room for, at 24 bytes each.
    public init(_ count: Int, per window: Duration, exempt: [String] = [], clients: Int = 65_536) {
        self.init(RateLimiter(count, per: window, clients: clients), exempt: exempt)
    }

    /// Counts by a name that the request gives, such as its API key, and not by the client's address.
    ///
    /// ```swift
    /// RateLimit(600, per: .seconds(60)) { request, _ in request.headers["X-API-Key"] }
    /// ```
    /// It counts before anybody has looked whether the key is good: who invents keys has a quota for each, so a limit by address
    /// stands outside it. A name is kept as a hash of 128 bits.
    /// - Parameters:
    ///   - count: requests that may be made under a name in the window.
    ///   - window: the time in which they may be made.
    ///   - exempt: paths that are neither counted nor refused.
    ///   - clients: how many names there is room for, at 24 bytes each.
    ///   - name: whom the request counts for; the client's address where it is `nil`.
    public init(
        _ count: Int, per window: Duration, exempt: [String] = [], clients: Int = 65_536,
        by name: @escaping @Sendable (Request, Context) -> String?
    ) {
        self.init(RateLimiter(count, per: window, clients: clients), exempt: exempt, by: name)
    }

    /// Shares a limiter that is asked elsewhere too.
    public init(_ limiter: RateLimiter, exempt: [String] = []) {
        self.init(limiter, exempt: exempt, by: nil)
    }

    init(
        _ limiter: RateLimiter, exempt: [String], by name: (@Sendable (Request, Context) -> String?)?
    ) {
        self.limiter = limiter
        self.exempt = exempt.map { Array($0.utf8) }
        self.name = name
    }

    public func enter(_ request: Request, _ context: Context) throws -> Response? {
        if isExempt(request) { return nil }
        if let key = key(request, context) {
            try pass(limiter.acquire(key), context)
        } else {
            try pass(limiter.acquire(context.client), context)
        }
        return nil
    }

    /// The same, where others may have to be asked.
    func enterShared(_ request: Request, _ context: Context) async throws {
        if isExempt(request) { return }
        if let key = key(request, context) {
            try pass(await limiter.acquireShared(key), context)
        } else {
            try pass(await limiter.acquireShared(context.client), context)
        }
    }

    private func key(_ request: Request, _ context: Context) -> RateLimiter.Key? {
        name?(request, context).map(RateLimiter.Key.init(of:))
    }

    @inline(__always)
    private func pass(_ decision: RateLimiter.Decision, _ context: Context) throws {
        guard decision.isAllowed else { throw limiter.refusal(decision) }
        // The task that passes through the middleware is the only one to touch them.
        unsafe context.fieldLines = limiter.lines(decision)
    }

    public func leave(_ request: Request, _ context: Context, _ response: inout Response) {
        // As above. They are handed over, so that who adds to them copies nothing.
        if response.fieldLines.isEmpty {
            unsafe swap(&response.fieldLines, &context.fieldLines)
        } else {
            unsafe response.fieldLines += context.fieldLines
            unsafe context.fieldLines = []
        }
    }

    private func isExempt(_ request: Request) -> Bool {
        if exempt.isEmpty { return false }
        return exempt.contains { $0.span.isSpelt(request.pathBytes) }
    }
}
