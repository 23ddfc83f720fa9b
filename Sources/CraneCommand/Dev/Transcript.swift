import Synchronization

/// The end of what a program has said, of bounded length.
final class Transcript: Sendable {
    private static let limit = 256 << 10
    private let bytes = Mutex<[UInt8]>([])

    func add(_ more: [UInt8]) {
        bytes.withLock { bytes in
            bytes += more
            if bytes.count > Self.limit { bytes.removeFirst(bytes.count - Self.limit / 2) }
        }
    }

    var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }

    /// The last lines.
    func tail(_ count: Int) -> String {
        text.split(separator: "\n").suffix(count).joined(separator: "\n")
    }
}
