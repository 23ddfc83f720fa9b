/// What stands around compressed data, for a window of two to so many bits.
enum DeflateFormat: Hashable, Sendable {
    /// Nothing (RFC 1951): messages of WebSockets.
    case raw(bits: Int32)
    /// The head and the tail of gzip (RFC 1952).
    case gzip(bits: Int32 = 15)
    /// Those of zlib (RFC 1950), which HTTP calls `deflate`.
    case zlib(bits: Int32 = 15)

    /// As zlib's initialisers take it.
    var windowBits: Int32 {
        switch self {
        // With 9 bits zlib reaches 250 bytes back, which is within the window of 8 that it does not know itself.
        case .raw(let bits): -max(9, bits)
        case .gzip(let bits): bits + 16
        case .zlib(let bits): bits
        }
    }

    /// How much zlib's tables take, against how well it finds repetitions.
    var memoryLevel: Int32 {
        switch self {
        // As the reference has it: 32 KiB in all for a window of 4 KiB.
        case .raw: 5
        case .gzip(let bits), .zlib(let bits): bits - 7
        }
    }

    /// What zlib holds for a compressor, in bytes.
    var memory: Int {
        switch self {
        case .raw(let bits), .gzip(let bits), .zlib(let bits):
            1 << (bits + 2) + 1 << (memoryLevel + 9) + 8192
        }
    }
}
