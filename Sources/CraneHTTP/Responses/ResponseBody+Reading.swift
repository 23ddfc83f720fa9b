internal import HTTPTypes
import Synchronization

/// Why a response's body could not be read.
public enum ResponseBodyError: Error, Hashable {
    /// Longer than the reader takes.
    case tooLarge
    /// There is none: the connection leaves HTTP, or somebody else has it.
    case handedOver
}

extension ResponseBody {
    /// The whole body: bytes that are here, or all that a stream writes.
    ///
    /// A stream is run by it, in the caller's task, and then has been: what is sent is to be made of the bytes. Throws
    /// `ResponseBodyError`, and what a stream throws.
    /// - Parameter limit: the most bytes that are taken.
    public func collected(upTo limit: Int = 1 << 20) async throws -> [UInt8] {
        if let length, length > limit { throw ResponseBodyError.tooLarge }
        switch storage {
        case .string(let string): return Array(string.utf8)
        case .bytes(let bytes): return bytes
        case .stream, .upgrade:
            let writer = CollectingWriter(limit: limit)
            try await write(to: writer)
            return writer.bytes
        }
    }

    /// Writes the body, piece by piece where it is long, and waits as the writer does.
    ///
    /// A stream is run by it, in the caller's task. Throws what the writer and the stream throw, and `ResponseBodyError.handedOver`.
    /// - Parameter writer: takes the pieces.
    public func write(to writer: any ResponseWriter) async throws {
        switch storage {
        case .stream(_, _, let write): try await write(writer)
        case .upgrade: throw ResponseBodyError.handedOver
        case .string, .bytes:
            guard case .stream(_, _, let write) = inPieces.storage else { return }
            try await write(writer)
        }
    }

    /// The body with each of its pieces changed: bytes that are here at once, a stream's as they are written.
    ///
    /// Where a piece ends has no meaning: what looks for words needs `mapped(through:)`, or the whole.
    /// - Parameter change: makes a piece of another; runs on the request's loop.
    public func mapped(_ change: @escaping @Sendable ([UInt8]) throws -> [UInt8]) rethrows -> ResponseBody {
        switch storage {
        case .string(let string): return ResponseBody(try change(Array(string.utf8)))
        case .bytes(let bytes): return ResponseBody(try change(bytes))
        case .upgrade: return self
        case .stream(_, let held, let write):
            return ResponseBody(length: nil, holding: held) { writer in
                try await write(MappingWriter(writer, change))
            }
        }
    }

    /// The body as it comes through a writer of your own, of unknown length: what is written goes to that one, which writes to
    /// the client's.
    ///
    /// ```swift
    /// response.body = response.body.mapped { client in Numbered(client) } end: { numbered in
    ///     try await numbered.writeTotal()
    /// }
    /// ```
    /// - Parameters:
    ///   - held: what the writer keeps in memory meanwhile, in bytes; counted in the server's memory budget.
    ///   - wrap: makes the writer, of the client's.
    ///   - end: writes what is left, when the body has been written.
    public func mapped<Writer: ResponseWriter>(
        holding held: Int = 0, through wrap: @escaping @Sendable (any ResponseWriter) -> Writer,
        end: @escaping @Sendable (Writer) async throws -> Void = { _ in }
    ) -> ResponseBody {
        if case .upgrade = storage { return self }
        return ResponseBody(length: nil, holding: heldBytes + held) { [self] client in
            let writer = wrap(client)
            try await write(to: writer)
            try await end(writer)
        }
    }
}

/// Keeps what is written.
private final class CollectingWriter: ResponseWriter {
    private let kept = Mutex<[UInt8]>([])
    private let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    var bytes: [UInt8] { kept.withLock { $0 } }

    func write(_ piece: [UInt8]) async throws {
        try kept.withLock { kept in
            guard kept.count + piece.count <= limit else { throw ResponseBodyError.tooLarge }
            kept += piece
        }
    }

    func setTrailers(_ trailers: HTTPFields) {}
}

private final class MappingWriter: ResponseWriter {
    private let next: any ResponseWriter
    private let change: @Sendable ([UInt8]) throws -> [UInt8]

    init(_ next: any ResponseWriter, _ change: @escaping @Sendable ([UInt8]) throws -> [UInt8]) {
        self.next = next
        self.change = change
    }

    func write(_ piece: [UInt8]) async throws { try await next.write(try change(piece)) }

    func setTrailers(_ trailers: HTTPFields) { next.setTrailers(trailers) }
}
