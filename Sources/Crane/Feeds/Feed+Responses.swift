import CraneHTTP
import CraneSchema
import HTTPTypes
import Synchronization

extension Feed {
    /// What makes a connection a subscriber, on its loop; throws 503 when there are too many.
    func subscription(
        of topic: Topic, on context: Context
    ) throws -> @Sendable (any UpgradedStream, FeedKind, FeedStart) -> Void {
        let turns = try turns(of: context)
        try admit()
        return { [self, loop = context.loop] stream, kind, start in
            FeedSubscriber.begin(stream, kind, in: channel(of: topic, on: turns, loop), at: start)
        }
    }

    private func turns(of context: Context) throws -> any LoopTurns {
        guard let provider = context.loop as? any LoopTurnsProvider else {
            throw HTTPError(.internalServerError, "This loop has no feeds")
        }
        return provider.turns
    }

    /// The response that goes on as an event stream.
    func eventStream(of topic: Topic, at start: FeedStart, _ request: Request, _ context: Context) throws
        -> Response
    {
        guard request.framing.body == .none else { throw HTTPError(.badRequest, "A body has no place here") }
        let subscription = try subscription(of: topic, on: context)
        let kind = request.isHTTP10 ? FeedKind.plainEventStream : .eventStream
        return Response.handOver(headers: EventStream.fields) { subscription($0, kind, start) }
    }

    /// The response to a poll: at once when there is something, else when something happens or the time is over.
    func changes(of topic: Topic, _ request: FeedPollRequest, _ context: Context) async throws -> Response {
        let turns = try turns(of: context)
        try admit(isPoll: true)
        let poll = FeedPoll(request.start, limit: request.limit, wait: request.wait)
        counts.subscribers.add(1, ordering: .relaxed)
        defer { counts.subscribers.subtract(1, ordering: .relaxed) }
        let isTaken = turns.execute { [self, loop = context.loop] in
            channel(of: topic, on: turns, loop).begin(poll)
        }
        if !isTaken { poll.finish(.failed) }
        let answer = await withTaskCancellationHandler {
            await poll.wait()
        } onCancel: {
            poll.finish(.frames([]))
        }
        switch answer {
        case .frames(let frames): return FeedChanges.response(frames.map(\.message))
        case .hello(let hello, let reset): return FeedChanges.response([hello] + (reset.map { [$0] } ?? []))
        case .failed: throw HTTPError(.serviceUnavailable, headers: [.retryAfter: "1"])
        }
    }
}

/// What a poll asks for.
struct FeedPollRequest: Sendable {
    let start: FeedStart
    let limit: Int
    /// In seconds.
    let wait: Int

    static func input(_ options: FeedOptions) -> Dependency<FeedPollRequest> {
        let longest = max(0, options.longestPoll.milliseconds / 1000)
        return Dependency(
            FeedStart.input, Query("limit", .int(in: 1...options.pageSize), default: options.pageSize),
            Query("wait", .int(in: 0...longest), default: longest)
        ) { FeedPollRequest(start: $0, limit: $1, wait: $2) }
    }
}

/// What OpenAPI says of an event stream.
enum FeedStream {
    static let description = Operation.Output(
        mediaType: ServerSentEvent.mediaType, defaultStatus: .ok, schema: nil)
}

/// What a poll is answered: the objects that a WebSocket would have been sent.
enum FeedChanges {
    static let description = Operation.Output(mediaType: "application/json", defaultStatus: .ok) { _ in
        ["type": "array", "items": ["type": "object"]]
    }

    static func response(_ messages: [String]) -> Response {
        var response = Response.json(Array("[\(messages.joined(separator: ","))]".utf8))
        response.headers[.cacheControl] = "no-store"
        return response
    }
}
