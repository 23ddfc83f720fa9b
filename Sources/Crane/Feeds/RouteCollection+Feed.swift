import CraneHTTP

extension RouteCollection {
    /// Registers a WebSocket route whose clients are subscribers of a feed.
    ///
    /// ```swift
    /// app.webSocket("/games/{id}/live", Path("id", Int.self), feed: scores) { id in id }
    /// ```
    /// The closure says which topic a client hears of, and may throw what refuses it. A client goes on behind its number with
    /// `?after=EPOCH-SEQ`; without it, with what happens from then on. Inputs at fault refuse the handshake with 403; too many
    /// subscribers are answered 503.
    /// - Parameters:
    ///   - path: the pattern of the path; see `get`.
    ///   - input: whatever a route of another kind takes, but no body.
    ///   - feed: whose events are sent.
    ///   - options: who may connect, and whether messages are compressed; a feed has bounds of its own.
    ///   - topic: says which topic the client hears of.
    /// - Returns: the route, for its dependencies and middleware.
    @discardableResult
    public mutating func webSocket<each Part: Input, Topic>(
        _ path: String, _ input: repeat each Part, feed: Feed<Topic>,
        options: WebSocketOptions = WebSocketOptions(),
        topic: @escaping @Sendable @concurrent (repeat (each Part).Value) async throws -> Topic
    ) -> Route {
        let layout = ArgumentLayout(repeat each input, FeedStart.input)
        let rules = WebSocketRules(options)
        return added(
            Registration(handshake: path, Registration.list(repeat each input, FeedStart.input)) {
                request, context in
                let opening = try WebSocketOpening(request, rules)
                var inputs = Inputs(request, context)
                if inputs.needsPreparation { try await inputs.prepare() }
                guard var arguments = try await layout.arguments(from: &inputs) else { throw inputs.refusal }
                let values = (repeat arguments.take((each Part).Value.self))
                let start = arguments.take(FeedStart.self)
                let subscription = try feed.subscription(of: try await topic(repeat each values), on: context)
                return context.changed(opening.handedOver { subscription($0, $1, start) })
            })
    }

    /// Registers a route of server-sent events whose clients are subscribers of a feed.
    ///
    /// ```swift
    /// app.eventStream("/games/{id}/events", Path("id", Int.self), feed: scores) { id in id }
    /// ```
    /// The closure says which topic a client hears of, and may throw what refuses it. A browser that comes back says by itself
    /// how far it has come (`Last-Event-ID`); a client that comes anew can say it as `?after=EPOCH-SEQ`.
    /// - Returns: the route, to say more of it.
    @discardableResult
    public mutating func eventStream<each Part: Input, Topic>(
        _ path: String, _ input: repeat each Part, feed: Feed<Topic>,
        topic: @escaping @Sendable @concurrent (repeat (each Part).Value) async throws -> Topic
    ) -> Route {
        let layout = ArgumentLayout(repeat each input, FeedStart.input)
        return added(
            Registration(
                .get, path, Registration.list(repeat each input, FeedStart.input), FeedStream.description
            ) { _ in
                layout.handler { request, context, arguments in
                    var arguments = arguments
                    let values = (repeat arguments.take((each Part).Value.self))
                    let start = arguments.take(FeedStart.self)
                    let topic = try await topic(repeat each values)
                    return context.changed(try feed.eventStream(of: topic, at: start, request, context))
                }
            })
    }

    /// Registers a route that answers with a feed's next events, as soon as there are any.
    ///
    /// ```swift
    /// app.longPoll("/games/{id}/changes", Path("id", Int.self), feed: scores) { id in id }
    /// ```
    /// A client without `?after=EPOCH-SEQ` is told at once where the feed stands. With it, it gets an array of the events behind
    /// that number, at most `limit`; where there are none, the next ones, or after `wait` seconds an empty array.
    /// - Returns: the route, to say more of it.
    @discardableResult
    public mutating func longPoll<each Part: Input, Topic>(
        _ path: String, _ input: repeat each Part, feed: Feed<Topic>,
        topic: @escaping @Sendable @concurrent (repeat (each Part).Value) async throws -> Topic
    ) -> Route {
        let poll = FeedPollRequest.input(feed.options)
        let layout = ArgumentLayout(repeat each input, poll)
        return added(
            Registration(.get, path, Registration.list(repeat each input, poll), FeedChanges.description) {
                _ in
                layout.handler { request, context, arguments in
                    var arguments = arguments
                    let values = (repeat arguments.take((each Part).Value.self))
                    let wanted = arguments.take(FeedPollRequest.self)
                    let topic = try await topic(repeat each values)
                    return context.changed(try await feed.changes(of: topic, wanted, context))
                }
            })
    }
}
