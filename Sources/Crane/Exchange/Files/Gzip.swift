import CZlib

/// What is compressed once and sent often.
enum Gzip {
    /// All bytes in gzip's format (RFC 1952), as small as zlib makes them; `nil` when memory is short.
    static func compress(_ bytes: [UInt8]) -> [UInt8]? {
        // The longest that zlib makes of them, and gzip's head and tail.
        var output = [UInt8](repeating: 0, count: Int(compressBound(uLong(bytes.count))) + 18)
        let room = uLong(output.count)
        // Both arrays live for the call, which writes no more than there is room for.
        let count = unsafe crane_gzip(bytes, uLong(bytes.count), &output, room)
        return count == 0 ? nil : Array(output.prefix(Int(count)))
    }
}
