import CraneHTTP
import CraneSystem
import Synchronization

/// One WebSocket or event stream of a feed. It holds no task and, between frames, no buffer; where it stands is the channel's.
///
/// The loop's thread only.
@safe
final class FeedSubscriber: StreamReceiver, @unchecked Sendable {
    let stream: any UpgradedStream
    let kind: FeedKind
    let channel: FeedChannel
    /// Where it stands among the channel's subscribers; -1 for nowhere.
    @safe @exclusivity(unchecked) var place = -1
    @safe @exclusivity(unchecked) private var phase = Phase.open
    /// What is known of a frame that has not come to its end.
    @safe @exclusivity(unchecked) private var partial: PartialFrame?

    private enum Phase {
        case open
        /// The close frame has gone; the client's is awaited (RFC 6455, section 7.1.2).
        case closing
        case closed
    }

    private final class PartialFrame {
        let reader: ControlReader

        init(_ reader: ControlReader) { self.reader = reader }
    }

    /// How long the client may take to answer a close frame.
    private static let closeTimeout: Duration = .seconds(5)
    /// What may wait for a client that asks for signs of life and reads none.
    private static let pongBound = 64 << 10

    private init(_ stream: any UpgradedStream, _ kind: FeedKind, _ channel: FeedChannel) {
        self.stream = stream
        self.kind = kind
        self.channel = channel
    }

    /// Takes a connection over.
    static func begin(
        _ stream: any UpgradedStream, _ kind: FeedKind, in channel: FeedChannel, at start: FeedStart
    ) {
        let subscriber = FeedSubscriber(stream, kind, channel)
        channel.hub.counts.subscribers.add(1, ordering: .relaxed)
        // First, so that it hears of whatever becomes of the connection.
        stream.start(subscriber)
        if subscriber.isOpen { channel.join(subscriber, at: start) }
    }

    var isOpen: Bool { phase == .open }

    // MARK: What it is told beside events

    /// The first frame: where it goes on from, and the newest number.
    func greet(from position: Int) {
        let text = channel.hello(from: position)
        if kind.isWebSocket {
            stream.write { FrameWriter.write(text, to: $0) }
        } else {
            let retry = Duration.seconds(1) + channel.hub.jitter()
            write(ServerSentEvent(text, id: channel.position(position), retry: retry))
        }
    }

    /// Its number is of no use: it has to load anew what it shows.
    func reset() {
        channel.hub.counts.resets.add(1, ordering: .relaxed)
        let text = channel.resetText
        if kind.isWebSocket {
            stream.write { FrameWriter.write(text, to: $0) }
        } else {
            write(ServerSentEvent(text, id: channel.position(channel.newest)))
        }
    }

    private func write(_ event: ServerSentEvent) {
        stream.write { output in
            if kind == .plainEventStream {
                event.write(to: output)
            } else {
                ResponseEncoder.chunk(event.bytes, to: output)
            }
        }
    }

    // MARK: The end

    /// Says goodbye: the client is to come back with its number, each after a while of its own.
    func depart(_ code: WebSocketCloseCode) {
        guard phase == .open else { return }
        let retry = channel.hub.jitter()
        finish()
        if kind.isWebSocket {
            phase = .closing
            let closure = WebSocketClosure(code, "retry \(retry.milliseconds)")
            stream.write { FrameWriter.write(.close, closure.payload, to: $0) }
            stream.setDeadline(after: Self.closeTimeout)
        } else {
            write(ServerSentEvent(retry: retry))
            end()
        }
    }

    /// Ends a subscription that takes nothing: what is said waits behind that.
    func drop() {
        depart(.tryAgainLater)
        stream.close()
    }

    /// The last chunk, and the connection ends once all has gone.
    private func end() {
        if kind == .eventStream { stream.write { ResponseEncoder.lastChunk(trailers: [:], to: $0) } }
        stream.close()
    }

    /// Nothing more is delivered.
    private func finish() {
        guard phase == .open else { return }
        phase = .closed
        channel.hub.counts.subscribers.subtract(1, ordering: .relaxed)
        channel.leave(self)
    }

    private func close(_ closure: WebSocketClosure) {
        if phase == .open {
            finish()
            stream.write { FrameWriter.write(.close, closure.payload, to: $0) }
        }
        phase = .closed
        stream.close()
    }

    // MARK: What the connection tells

    func receive(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard kind.isWebSocket, phase != .closed else { return bytes.count }
        var reader = partial?.reader ?? ControlReader(allowsCompression: kind == .deflated)
        partial = nil
        // The bytes are there for the call, and what is kept of them is a copy.
        var position = 0
        do throws(WebSocketClosure) {
            while phase != .closed, let event = try unsafe reader.next(bytes, from: &position) {
                switch event {
                case .ping(let payload): answer(payload)
                // RFC 6455, section 5.5.1: the response echoes the code.
                case .close(let closure): close(closure)
                }
            }
            if phase != .closed, !reader.isFresh { partial = PartialFrame(reader) }
        } catch {
            close(error)
        }
        return bytes.count
    }

    private func answer(_ ping: [UInt8]) {
        guard phase == .open else { return }
        let waiting = stream.write { FrameWriter.write(.pong, ping, to: $0) }
        if waiting > Self.pongBound { stream.abort() }
    }

    func receiveEnd() {
        channel.connectionEnded(of: self)
        finish()
        phase = .closed
        stream.close()
    }

    func serverStops(restarts: Bool) { depart(restarts ? .serviceRestart : .goingAway) }

    func deadlinePassed() { stream.close() }

    func didDrain() { channel.didDrain(self) }
}

extension Duration {
    var milliseconds: Int {
        let parts = components
        return Int(parts.seconds) * 1000 + Int(parts.attoseconds / 1_000_000_000_000_000)
    }
}
