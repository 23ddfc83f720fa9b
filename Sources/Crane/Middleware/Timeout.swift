public import CraneHTTP
public import HTTPTypes

/// Cancels what takes too long to answer.
///
/// ```swift
/// app.get("/report", store) { store in try await store.report() }.middleware(Timeout(.seconds(5)))
/// ```
/// The handler's task is cancelled and the client told by `status` once it has ended: all that waits in Crane ends then, and so must what
/// handlers call. The time of a stream counts to its beginning. Costs two tasks, on the request's loop.
public struct Timeout: Middleware {
    private let limit: Duration
    private let status: HTTPResponse.Status

    /// - Parameters:
    ///   - limit: from here to the response.
    ///   - status: 503, or 504 for what waits for another server.
    public init(_ limit: Duration, status: HTTPResponse.Status = .serviceUnavailable) {
        self.limit = limit
        self.status = status
    }

    public func handle(_ request: Request, _ context: Context, next: Next) async throws -> Response {
        try await withThrowingTaskGroup(of: Response?.self) { group in
            group.addTask { await next(request, context) }
            group.addTask { [limit] in
                // Cancelled with the other's end, or because the client has gone.
                try? await context.sleep(for: limit)
                return nil
            }
            let first = try await group.next() ?? nil
            group.cancelAll()
            if let first { return first }
            let late = try await group.next() ?? nil
            // The client has gone: whatever there is, nobody gets it.
            if Task.isCancelled, let late { return late }
            throw HTTPError(status)
        }
    }
}
