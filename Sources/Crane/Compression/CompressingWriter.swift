import CraneHTTP
import HTTPTypes

/// Compresses what is written, and writes what comes out. One task at a time.
final class CompressingWriter: ResponseWriter, @unchecked Sendable {
    /// What the loop compresses beside its other work in one go: some tenths of a millisecond.
    static let loopPiece = 16 << 10
    /// What a worker thread compresses in one go.
    private static let workerPiece = 256 << 10

    private let next: any ResponseWriter
    private let deflater: Deflater
    private let loop: any LoopServices
    private let flush: Deflater.Flush

    /// - Parameters:
    ///   - next: takes the compressed bytes.
    ///   - deflater: whoever took it gives it back.
    ///   - loop: the request's.
    ///   - flushes: whether each write is sent on as a whole, for streams that a reader waits for.
    init(_ next: any ResponseWriter, _ deflater: Deflater, _ loop: any LoopServices, flushes: Bool) {
        self.next = next
        self.deflater = deflater
        self.loop = loop
        flush = flushes ? .sync : .none
    }

    func write(_ bytes: [UInt8]) async throws {
        if bytes.isEmpty { return }
        if bytes.count <= Self.loopPiece { return try await send(deflater.compressed(bytes, flush)) }
        var start = 0
        while start < bytes.count {
            let end = min(start + Self.workerPiece, bytes.count)
            try await send(
                try await compressed(Array(bytes[start..<end]), end == bytes.count ? flush : .none))
            start = end
        }
    }

    /// Ends the compressed stream.
    func end() async throws { try await send(deflater.compressed([], .end)) }

    func setTrailers(_ trailers: HTTPFields) { next.setTrailers(trailers) }

    private func send(_ bytes: [UInt8]?) async throws {
        guard let bytes else { throw OutOfMemory() }
        if !bytes.isEmpty { try await next.write(bytes) }
    }

    /// Compresses a long piece on a worker thread; where none is free, on the loop, with a look at its other work in between.
    private func compressed(_ bytes: [UInt8], _ flush: Deflater.Flush) async throws -> [UInt8]? {
        do {
            return try await loop.blocking { [deflater] in deflater.compressed(bytes, flush) }
        } catch is WorkersBusy {
            var all: [UInt8] = []
            for start in stride(from: 0, to: bytes.count, by: Self.loopPiece) {
                let end = min(start + Self.loopPiece, bytes.count)
                let mode = end == bytes.count ? flush : .none
                guard let piece = deflater.compressed(Array(bytes[start..<end]), mode) else { return nil }
                all += piece
                try await loop.sleep(for: .zero)
            }
            return all
        }
    }

    private struct OutOfMemory: Error {}
}
