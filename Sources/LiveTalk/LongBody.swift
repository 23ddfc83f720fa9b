import Crane
import Synchronization

/// A body of many kilobytes: goes out piece by piece, with a turn of the loop in between, and is freed elsewhere.
final class LongBody: Sendable {
    /// So much goes to the socket at once: some tens of microseconds of the loop's time.
    static let piece = 64 << 10

    private let bytes: Mutex<[UInt8]>
    private let length: Int

    private init(_ bytes: [UInt8]) {
        length = bytes.count
        self.bytes = Mutex(bytes)
    }

    /// A body of these bytes, which goes out in pieces when they are many.
    static func body(_ bytes: [UInt8], on loop: any LoopServices) -> ResponseBody {
        bytes.count > 2 * piece ? LongBody(bytes).body(on: loop) : ResponseBody(bytes)
    }

    /// A JSON array as a body, of which the next part is read while the client takes the one before.
    ///
    /// - Parameters:
    ///   - first: the array as far as it is known.
    ///   - rest: what is left; `nil` when that is the whole array.
    ///   - next: the next elements as an array of their own, and what is left then.
    static func array<Rest: Sendable>(
        _ first: [UInt8], rest: Rest?, on loop: any LoopServices,
        next: @escaping @Sendable (Rest) async throws -> (json: [UInt8], rest: Rest?)
    ) -> ResponseBody {
        guard rest != nil else { return body(first, on: loop) }
        return ResponseBody(length: nil, holding: first.count) { writer in
            var (json, rest, isEmpty) = (first, rest, true)
            try await writer.write([UInt8(ascii: "[")])
            while true {
                if json.count > 2 {
                    if !isEmpty { try await writer.write([UInt8(ascii: ",")]) }
                    isEmpty = false
                    try await write(json.dropFirst().dropLast(), to: writer, on: loop)
                }
                guard let left = rest else { break }
                (json, rest) = try await next(left)
            }
            try await writer.write([UInt8(ascii: "]")])
        }
    }

    /// Reads the next part of a body that has begun: waits for its turn as long as it takes.
    static func part<Part>(
        on loop: any LoopServices, _ read: () async throws -> Part
    ) async throws -> Part {
        while true {
            do {
                return try await read()
            } catch is WorkersBusy {
                try await loop.sleep(for: .milliseconds(100))
            }
        }
    }

    /// Writes bytes in pieces.
    static func write(
        _ bytes: ArraySlice<UInt8>, to writer: any ResponseWriter, on loop: any LoopServices
    )
        async throws
    {
        for start in stride(from: bytes.startIndex, to: bytes.endIndex, by: piece) {
            try await writer.write(Array(bytes[start..<min(start + piece, bytes.endIndex)]))
            try await loop.sleep(for: .zero)
        }
    }

    private func body(on loop: any LoopServices) -> ResponseBody {
        ResponseBody(length: length, holding: length) { [self] writer in
            for start in stride(from: 0, to: length, by: Self.piece) {
                try await writer.write(bytes.withLock { Array($0[start..<min(start + Self.piece, length)]) })
                try await loop.sleep(for: .zero)
            }
            // To give megabytes back to the system takes longer than a loop may be held.
            try? await loop.blocking { [self] in bytes.withLock { $0 = [] } }
        }
    }
}
