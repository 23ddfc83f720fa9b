import CraneHTTP
import HTTPTypes
import Synchronization

/// A request's body as it was before it was compressed. Read by one task at a time.
final class InflatingSource: RequestBodySource, @unchecked Sendable {
    /// What is inflated in one go: some tenths of a millisecond.
    private static let piece = 64 << 10
    /// So many pieces are given without a look at the loop's other work.
    private static let piecesInARow = 4

    private let body: RequestBody
    private var parts: RequestBody.AsyncIterator
    private let connection: ConnectionInfo
    private let stream: InflateStream
    private let isGzip: Bool
    private let limit: Int
    private let ratio: Int

    private var input: [UInt8] = []
    private var position = 0
    private let output = OutputBuffer(capacity: 4096)
    /// Whether the last piece filled its room, so that zlib may hold more.
    private var isFull = false
    private var hasEnded = false
    private var (taken, given) = (0, 0)
    private var inARow = 0
    /// What the budget counts for what is held of a body that came with its head.
    private var counted = 0

    /// - Parameters:
    ///   - limit: the most bytes that are given.
    ///   - ratio: how many times as long as what came it may be, beyond the first piece.
    init(_ body: RequestBody, _ connection: ConnectionInfo, isGzip: Bool, limit: Int, ratio: Int) {
        self.body = body
        parts = body.makeAsyncIterator()
        self.connection = connection
        stream = InflateStream(isGzip ? .gzip() : .zlib())
        self.isGzip = isGzip
        self.limit = limit
        self.ratio = ratio
    }

    deinit {
        _ = connection.load.memory.count(0, insteadOf: &counted)
    }

    var expectedLength: UInt64? { nil }
    var trailers: HTTPFields { body.trailers }

    func hold(_ count: Int) throws {
        try body.hold(count)
        // What has come in pieces is counted there.
        guard body.heldBytes == 0 || connection.load.memory.count(count, insteadOf: &counted) else {
            throw RequestBodyError.overloaded
        }
    }

    func next() async throws -> [UInt8]? {
        while true {
            if position < input.count || isFull {
                if let piece = try inflated() {
                    inARow += 1
                    if inARow.isMultiple(of: Self.piecesInARow) {
                        try await connection.loop.sleep(for: .zero)
                    }
                    return piece
                }
            } else if let part = try await parts.next() {
                (input, position) = (part, 0)
                taken += part.count
            } else {
                // RFC 1952, section 2.2: the tail is missing.
                guard hasEnded || taken == 0 else { throw RequestBodyError.malformed }
                return nil
            }
        }
    }

    /// The next piece of what has come; `nil` where that gives none.
    private func inflated() throws -> [UInt8]? {
        if hasEnded {
            // Several members one after the other are one file (RFC 1952, section 2.2).
            guard isGzip else { throw RequestBodyError.malformed }
            stream.reset()
            hasEnded = false
        }
        output.removeAll()
        // The array outlives the call.
        let outcome = unsafe input.withUnsafeBytes { bytes in
            unsafe stream.inflate(bytes, from: &position, room: Self.piece, to: output)
        }
        given += output.count
        if given > limit || given > Self.piece && given / ratio > taken { throw RequestBodyError.tooLarge }
        isFull = false
        switch outcome {
        case .more: isFull = output.count == Self.piece
        case .end: hasEnded = true
        case .broken: throw RequestBodyError.malformed
        }
        // Copied before the next piece.
        return output.isEmpty ? nil : unsafe Array(output.bytes)
    }
}
