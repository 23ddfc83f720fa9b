public import CraneHTTP
public import HTTPTypes

/// Server-sent events (WHATWG HTML, section 9.2), as a browser's `EventSource` reads them.
///
/// ```swift
/// app.get("/ticks") {
///     EventStream { events in
///         for await tick in ticks { try await events.send("\(tick)", name: "tick", id: "\(tick)") }
///     }
/// }
/// ```
/// Each event goes out at once, and waits for a slow client. A client that goes, and a graceful shutdown, cancel the closure: a
/// shutdown ends the response whole, and the browser comes back by itself to the next server, with the id of the last event. Where
/// nothing is sent for a while a comment is, which keeps proxies from ending the connection. Costs four tasks a stream; for thousands of
/// clients who all hear the same, `Feed` costs none.
public struct EventStream: SynchronousResponseConvertible {
    public static var mediaType: String? { ServerSentEvent.mediaType }

    private let heartbeat: Duration?
    private let retry: Duration?
    private let headers: HTTPFields
    private let send: @Sendable (EventWriter) async throws -> Void

    /// - Parameters:
    ///   - heartbeat: after how long a silence a comment is sent; `nil` for never.
    ///   - retry: how long a browser waits before it comes back; it decides itself without.
    ///   - headers: fields beside the stream's own, or in their place.
    ///   - send: sends the events; the response ends with it. An error that it throws closes the connection, and is logged.
    public init(
        heartbeat: Duration? = .seconds(15), retry: Duration? = nil, headers: HTTPFields = HTTPFields(),
        send: @escaping @Sendable (EventWriter) async throws -> Void
    ) {
        self.heartbeat = heartbeat
        self.retry = retry
        self.headers = headers
        self.send = send
    }

    public func response(
        for request: Request, context: Context, status: HTTPResponse.Status?
    ) -> Response {
        var response = Response(status: status ?? .ok, headers: EventStream.fields)
        response.headers.replace(with: headers)
        let lastEventID = request.headers[.lastEventID]
        response.body = ResponseBody { writer in
            let events = EventWriter(writer, lastEventID: lastEventID)
            try await context.cancelWhenDraining { try await run(events, context.loop) }
        }
        return response
    }

    /// The fields of each such response: nothing keeps it, neither a cache nor nginx's buffer.
    static let fields: HTTPFields = [
        .contentType: ServerSentEvent.mediaType, .cacheControl: "no-store", .accelBuffering: "no",
    ]

    private func run(_ events: EventWriter, _ loop: any LoopServices) async throws {
        // The head goes out with the first bytes: the page is told that it is connected.
        if let retry {
            try await events.send(ServerSentEvent(retry: retry))
        } else {
            try await events.comment()
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            if let heartbeat { group.addTask { try await events.beat(every: heartbeat, loop) } }
            group.addTask { try await send(events) }
            // The heart goes on until it is cancelled, or the client has gone.
            try await group.next()
            group.cancelAll()
        }
    }
}
