import CraneSystem

/// Bytes on their way out: appended at the end, taken from the front. Owned by one loop at a time and reused.
///
/// Raw memory rather than an array: appending is a bounds test and a copy, and the memory stays where the socket reads it.
@safe
public final class OutputBuffer {
    // One loop has the buffer at a time, and nothing here calls out: nothing is left for exclusivity checks to find.
    @usableFromInline @exclusivity(unchecked)
    var base: UnsafeMutableRawPointer
    @usableFromInline @safe @exclusivity(unchecked)
    var capacity: Int
    @safe @exclusivity(unchecked)
    private var used = 0

    /// Bytes written so far. Computed: other modules' reads of a stored property would be checked all the same.
    public private(set) var count: Int {
        @inline(__always) get { used }
        @inline(__always) set { used = newValue }
    }

    public init(capacity: Int = 16 << 10) {
        // Freed in deinit; grown only by `reserve`.
        unsafe base = .allocate(byteCount: capacity, alignment: 16)
        self.capacity = capacity
    }

    deinit {
        unsafe base.deallocate()
    }

    /// The bytes; valid until the next change.
    public var bytes: UnsafeRawBufferPointer {
        unsafe UnsafeRawBufferPointer(start: base, count: count)
    }

    public var isEmpty: Bool { count == 0 }
    public var allocated: Int { capacity }

    public func removeAll() { count = 0 }

    /// Forgets all but the first `length` bytes.
    public func truncate(to length: Int) { count = min(count, length) }

    /// Makes room for `extra` more bytes and gives the place where they go; `advance(by:)` says how many were written.
    @inline(__always)
    public func reserve(_ extra: Int) -> UnsafeMutableRawPointer {
        if extra > capacity - count { grow(extra) }
        return unsafe base + count
    }

    @inline(__always)
    public func advance(by written: Int) { count += written }

    @inline(never)
    private func grow(_ extra: Int) {
        capacity = max(capacity * 2, count + extra)
        let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
        unsafe larger.copyMemory(from: base, byteCount: count)
        unsafe base.deallocate()
        unsafe base = larger
    }

    @inline(__always)
    public func append(_ byte: UInt8) {
        unsafe reserve(1).storeBytes(of: byte, as: UInt8.self)
        count += 1
    }

    @inline(__always)
    public func append(_ text: StaticString) {
        let length = text.utf8CodeUnitCount
        unsafe reserve(length).copyMemory(from: text.utf8Start, byteCount: length)
        count += length
    }

    @inline(__always)
    public func append(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress else { return }
        unsafe reserve(bytes.count).copyMemory(from: start, byteCount: bytes.count)
        count += bytes.count
    }

    public func append(_ bytes: [UInt8]) {
        unsafe bytes.withUnsafeBytes { unsafe append($0) }
    }

    /// Literals are static strings.
    @_disfavoredOverload
    public func append(_ string: String) {
        let text = string.utf8
        // In place: `withUTF8` would need a copy of the string, which costs a retain and a release.
        let done: Void? = unsafe text.withContiguousStorageIfAvailable {
            unsafe append(UnsafeRawBufferPointer($0))
        }
        if done == nil { append(Array(text)) }
    }

    /// Appends `value` in decimal.
    public func append(decimal value: UInt64) {
        count += unsafe DecimalDigits.write(value, to: reserve(DecimalDigits.longest))
    }

    /// Appends `value` in hexadecimal, lower case.
    public func append(hexadecimal value: UInt64) {
        var shift = (63 - (value | 1).leadingZeroBitCount) & ~3
        while shift >= 0 {
            append(UInt8(truncatingIfNeeded: value >> UInt64(shift)).hexDigit)
            shift -= 4
        }
    }
}
