import HTTPTypes
public import HTTPWire

/// Refuses what a client asks beyond its quota: 429 `{"detail":"Rate limit exceeded"}` with `Retry-After`.
///
/// Counts for all loops of the process together, by the address that `Context.client` gives; see `Quota` for what is
/// kept. Every answer tells what is left in the fields `RateLimit` and `RateLimit-Policy`.
public struct RateLimit: Middleware {
    private let quota: Quota
    private let policy: HTTPField
    private let exempt: [[UInt8]]

    /// - Parameters:
    ///   - count: requests that a client may make in the window.
    ///   - exempt: paths that are neither counted nor refused.
    ///   - clients: how many clients there is room for, at 24 bytes each.
    public init(_ count: Int, per window: Duration, exempt: [String] = [], clients: Int = 65_536) {
        self.init(Quota(count, per: window, clients: clients), exempt: exempt)
    }

    /// Shares a quota that is asked elsewhere too.
    public init(_ quota: Quota, exempt: [String] = []) {
        self.quota = quota
        self.exempt = exempt.map { Array($0.utf8) }
        policy = quota.policyField
    }

    @inline(__always)
    public func handle(_ request: Request, _ context: Context, next: Next) async throws -> Response {
        let verdict = try admit(request, context)
        var response = await next(request, context)
        if let verdict { addFields(to: &response, verdict) }
        return response
    }

    /// What the quota says; `nil` for an exempt path. Throws the refusal.
    @inline(never)
    private func admit(_ request: Request, _ context: Context) throws -> Quota.Verdict? {
        if isExempt(request) { return nil }
        let verdict = quota.take(context.client)
        guard verdict.isAllowed else { throw quota.refusal(verdict) }
        return verdict
    }

    @inline(never)
    private func addFields(to response: inout Response, _ verdict: Quota.Verdict) {
        // One allocation for both.
        response.headers.reserveCapacity(response.headers.count + 2)
        response.headers.append(policy)
        response.headers.append(quota.field(verdict))
    }

    private func isExempt(_ request: Request) -> Bool {
        if exempt.isEmpty { return false }
        // Read during the call only.
        let path = unsafe request.bytes(request.pathRange)
        return exempt.contains { unsafe $0.elementsEqual(path) }
    }
}
