import Crane
import HTTPTypes
import Synchronization

/// A client that keeps what is written to it.
final class Collected: ResponseWriter {
    private let bytes = Mutex<[UInt8]>([])

    func write(_ bytes: [UInt8]) async throws { self.bytes.withLock { $0 += bytes } }
    func setTrailers(_ trailers: HTTPFields) {}

    var all: [UInt8] { bytes.withLock { $0 } }
}

extension Response {
    /// The whole body, a streamed one too; its length must be the promised one.
    func collected() async throws -> [UInt8] {
        switch body.storage {
        case .string(let string): return Array(string.utf8)
        case .bytes(let bytes): return bytes
        case .stream(let length, _, let write):
            let client = Collected()
            try await write(client)
            guard length == nil || length == client.all.count else { throw WrongLength() }
            return client.all
        case .upgrade: return []
        }
    }

    private struct WrongLength: Error {}
}

/// A body that arrives in parts.
final class Parts: RequestBodySource {
    private let parts: Mutex<ArraySlice<[UInt8]>>

    init(_ bytes: [UInt8], length: Int) {
        parts = Mutex(
            stride(from: 0, to: bytes.count, by: length).map {
                Array(bytes[$0..<min($0 + length, bytes.count)])
            }[...])
    }

    var expectedLength: UInt64? { nil }
    func next() async throws -> [UInt8]? { parts.withLock { $0.popFirst() } }
    var trailers: HTTPFields { [:] }
}
