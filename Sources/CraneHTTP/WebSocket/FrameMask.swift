/// The key that hides a client's payload (RFC 6455, section 5.3).
package struct FrameMask: Hashable, Sendable {
    /// The key twice, its first byte lowest.
    private var pattern: UInt64

    /// - Parameter key: the four bytes, the first lowest.
    package init(key: UInt32) {
        pattern = UInt64(key) << 32 | UInt64(key)
    }

    /// The mask as it goes on after `count` bytes.
    func advanced(by count: Int) -> FrameMask {
        var mask = self
        let bits = UInt64(count & 3) * 8
        if bits > 0 { mask.pattern = pattern >> bits | pattern << (64 - bits) }
        return mask
    }

    /// The byte that hides the payload's byte at `index`.
    func byte(at index: Int) -> UInt8 { UInt8(truncatingIfNeeded: pattern >> (UInt64(index & 3) * 8)) }

    /// Writes `count` bytes of `source`, masked or unmasked, to `target`, which may be the same place.
    ///
    /// Eight bytes at a time; the memory is the caller's and as long as it says.
    @inline(__always)
    func apply(_ source: UnsafeRawPointer, to target: UnsafeMutableRawPointer, count: Int) {
        var index = 0
        while index &+ 8 <= count {
            let word = unsafe UInt64(
                littleEndian: source.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            unsafe target.storeBytes(
                of: (word ^ pattern).littleEndian, toByteOffset: index, as: UInt64.self)
            index &+= 8
        }
        var rest = pattern
        while index < count {
            let byte = unsafe source.load(fromByteOffset: index, as: UInt8.self)
            unsafe target.storeBytes(
                of: byte ^ UInt8(truncatingIfNeeded: rest), toByteOffset: index, as: UInt8.self)
            rest >>= 8
            index &+= 1
        }
    }
}
