import CraneLoop
import TestSupport

/// What a connection hears.
enum Heard: Equatable, Sendable {
    case opened
    case read([UInt8])
    case ended(UVError?)
    case drained
    case closed
}

/// A connection that writes down what it hears; loop's thread only, but for the journal.
final class RecordingConnection: StreamConnection, @unchecked Sendable {
    let journal = Journal<Heard>()
    var whenRead: () -> Void = {}
    private let startsReading: Bool

    init(loop: EventLoop, startsReading: Bool) {
        self.startsReading = startsReading
        super.init(loop: loop)
    }

    override func didOpen() {
        if startsReading { startReading() }
        journal.note(.opened)
    }

    override func didRead(_ bytes: UnsafeRawBufferPointer) {
        whenRead()
        unsafe journal.note(.read(Array(bytes)))
    }

    override func didEnd(_ error: UVError?) { journal.note(.ended(error)) }
    override func didDrain() { journal.note(.drained) }
    override func didClose() { journal.note(.closed) }

    func send(_ bytes: [UInt8]) throws {
        try unsafe bytes.withUnsafeBytes { try unsafe write($0) }
    }
}

extension Array where Element == Heard {
    /// All that has been read.
    var bytes: [UInt8] {
        flatMap { if case .read(let bytes) = $0 { bytes } else { [] as [UInt8] } }
    }

    var end: Heard? {
        first { if case .ended = $0 { true } else { false } }
    }
}

/// A loop that listens, and keeps the connections it has accepted.
final class ListeningLoop: Sendable {
    let running: RunningLoop
    let accepted = Journal<RecordingConnection>()

    init() throws { running = try RunningLoop() }

    /// Listens on a socket that `bind` gives; returns its port.
    @discardableResult
    func listen(
        startsReading: Bool = true, _ bind: @escaping @Sendable () throws -> ListeningSocket
    ) async throws -> Int {
        try await running.on { [accepted] loop in
            let socket = try bind()
            let port = socket.address?.port ?? 0
            _ = try StreamListener(on: socket, loop: loop) {
                let connection = RecordingConnection(loop: loop, startsReading: startsReading)
                accepted.note(connection)
                return connection
            }
            return port
        }
    }

    /// Connects a client; returns it and the connection that it became here.
    static func pair(startsReading: Bool = true) async throws -> (
        ListeningLoop, RawSocket, RecordingConnection
    ) {
        let listening = try ListeningLoop()
        let port = try await listening.listen(startsReading: startsReading) { try .bindLocal() }
        let client = try await RawSocket(port: port)
        let connection = try await listening.accepted.wait(forCount: 1)[0]
        try await connection.journal.wait { $0.contains(.opened) }
        return (listening, client, connection)
    }
}

extension ListeningSocket {
    /// A free port of the loopback address.
    static func bindLocal(host: String = "127.0.0.1", port: Int = 0, sharesPort: Bool = false) throws
        -> ListeningSocket
    {
        let addresses = try SocketAddress.resolve(host: host, port: port)
        return try bind(addresses[0], sharesPort: sharesPort)
    }
}
