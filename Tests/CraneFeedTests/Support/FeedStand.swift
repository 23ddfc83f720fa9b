import CraneHTTP
import Logging
import Synchronization

@testable import Crane

/// A connection without a socket that takes as many bytes as the test allows; what it was given is kept as messages.
final class Peer: UpgradedStream {
    private struct State {
        var receiver: (any StreamReceiver)?
        var bytes: [UInt8] = []
        /// How many more bytes it takes; what it has begun of a piece it takes whole, as a socket's queue does.
        var room = Int.max
        var isBlocked = false
        var isClosed = false
        var isAborted = false
        var sends = 0
        var deadline: Duration?
    }

    private let state = Mutex(State())
    let memory = MemoryBudget(bound: .max)

    func start(_ receiver: any StreamReceiver) { state.withLock { $0.receiver = receiver } }

    func write(_ body: (OutputBuffer) -> Void) -> Int {
        let output = OutputBuffer()
        body(output)
        let bytes = unsafe Array(output.bytes)
        state.withLock { if !$0.isClosed { $0.bytes += bytes } }
        return 0
    }

    func send(_ pieces: SharedPieces) -> SharedSending {
        state.withLock { state in
            state.sends += 1
            guard !state.isClosed else { return .none }
            guard !state.isBlocked else { return .some(0) }
            for index in 0..<pieces.count {
                let piece = unsafe pieces.pieces[index]
                let bytes = unsafe Array(UnsafeRawBufferPointer(start: piece.base, count: piece.count))
                state.bytes += bytes
                state.isBlocked = bytes.count > state.room
                state.room -= min(state.room, bytes.count)
                if state.isBlocked { return .some(index + 1) }
            }
            return .all
        }
    }

    var waitingBytes: Int { 0 }
    func flush() {}
    func waitUntilWritable() async {}
    var isSliceLong: Bool { false }
    func nextTurn() async {}
    func beginSlice() {}
    func resume() {}
    func setDeadline(after duration: Duration) { state.withLock { $0.deadline = duration } }
    func close() { state.withLock { $0.isClosed = true } }
    func abort() {
        state.withLock { $0.isAborted = true }
        end()
    }

    // MARK: The test's side

    private var receiver: (any StreamReceiver)? { state.withLock { $0.receiver } }
    var isClosed: Bool { state.withLock { $0.isClosed } }
    var isAborted: Bool { state.withLock { $0.isAborted } }
    var sends: Int { state.withLock { $0.sends } }

    /// Lets it take so many bytes more.
    func limit(to room: Int) { state.withLock { $0.room = room } }

    /// It has taken all that it was given, and takes so many bytes more.
    func drain(room: Int = .max) {
        state.withLock { state in
            state.room = room
            state.isBlocked = false
        }
        receiver?.didDrain()
    }

    /// The client says something.
    func hear(_ bytes: [UInt8]) { _ = unsafe bytes.withUnsafeBytes { unsafe receiver?.receive($0) } }

    /// The client goes.
    func end() {
        close()
        let receiver = state.withLock { $0.receiver.take() }
        receiver?.receiveEnd()
    }

    func stop(restarts: Bool) { receiver?.serverStops(restarts: restarts) }
    func passDeadline() { receiver?.deadlinePassed() }

    /// What a WebSocket's client has read since the last call: texts, and `close CODE REASON`.
    func messages() throws -> [String] {
        let bytes = takeBytes()
        var reader = MessageReader(limit: .max, allowsCompression: true, expectsMask: false)
        var position = 0
        var messages: [String] = []
        try unsafe bytes.withUnsafeBytes { bytes in
            while let event = try unsafe reader.next(bytes, from: &position) {
                switch event {
                case .text(let text): messages.append(text)
                case .close(let closure):
                    messages.append("close \(closure.code.rawValue) \(closure.reason)")
                default: messages.append("\(event)")
                }
            }
        }
        return messages
    }

    func text() -> String { String(decoding: takeBytes(), as: UTF8.self) }

    func takeBytes() -> [UInt8] {
        state.withLock { state in
            defer { state.bytes = [] }
            return state.bytes
        }
    }
}

/// A feed on a loop that the test turns, and that ends with it.
final class FeedStand: Sendable {
    let log = Log()
    let loop = ManualLoop()
    let feed: Feed<String>
    private let peers = Mutex<[Peer]>([])

    init(_ change: (inout FeedOptions) -> Void = { _ in }) {
        var options = FeedOptions()
        options.retryJitter = .zero
        change(&options)
        feed = Feed(
            history: log, options: options, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    deinit {
        // As a server's loop does, it closes its connections first.
        for peer in peers.withLock({ $0 }) { peer.end() }
        loop.end()
    }

    /// Subscribes without waiting for the history.
    func begin(
        _ after: String? = nil, topic: String = "a", _ kind: FeedKind = .webSocket, _ peer: Peer = Peer()
    ) -> Peer {
        let channel = feed.channel(of: topic, on: loop, loop)
        peers.withLock { $0.append(peer) }
        FeedSubscriber.begin(peer, kind, in: channel, at: FeedStart(after: after, lastEventID: nil))
        return peer
    }

    func subscribe(
        _ after: String? = nil, topic: String = "a", _ kind: FeedKind = .webSocket
    ) async -> Peer {
        let peer = begin(after, topic: topic, kind)
        await loop.settle()
        return peer
    }

    /// Writes events, publishes them and has everybody told.
    func happen(_ count: Int = 1, in topic: String = "a", length: Int = 0) async {
        feed.publish(log.write(count, in: topic, length: length))
        await loop.settle()
    }
}
