import CraneHTTP

/// One log line while it is written: a fixed room on the stack, so that logging an ordinary line allocates nothing.
///
/// What does not fit is left out.
@safe
struct LogLine: ~Copyable {
    // The caller's, for the time of one `append(to:)`; the last byte is kept for the line feed.
    private let room: UnsafeMutableRawBufferPointer
    private var count = 0

    /// Calls `body` with an empty line, ends the line and appends it to `sink`.
    ///
    /// - Parameter room: the bytes that the line needs at most, its line feed included.
    static func append(to sink: LogSink, room: Int, _ body: (inout LogLine) -> Void) {
        func fill(_ room: UnsafeMutableRawBufferPointer) {
            var line = unsafe LogLine(room: room)
            body(&line)
            unsafe line.room[line.count] = UInt8(ascii: "\n")
            unsafe sink.append(UnsafeRawBufferPointer(rebasing: line.room[...line.count]))
        }
        // Past a kilobyte the runtime would ask the system for the stack's bounds first.
        if room <= 1024 {
            unsafe withUnsafeTemporaryAllocation(byteCount: 1024, alignment: 8) { unsafe fill($0) }
        } else {
            let heap = UnsafeMutableRawBufferPointer.allocate(byteCount: room, alignment: 8)
            unsafe fill(heap)
            unsafe heap.deallocate()
        }
    }

    private init(room: UnsafeMutableRawBufferPointer) {
        // The caller's, for as long as the line is written.
        unsafe self.room = room
    }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        // In range by the test.
        guard unsafe count < room.count - 1 else { return }
        unsafe room[count] = byte
        count += 1
    }

    @inline(__always)
    mutating func append(_ text: StaticString) {
        // A static string's bytes live as long as the program.
        let bytes = unsafe RawSpan(_unsafeStart: text.utf8Start, byteCount: text.utf8CodeUnitCount)
        append(Span(_bytes: bytes))
    }

    /// Literals are static strings.
    @_disfavoredOverload
    mutating func append(_ text: String) { append(text.utf8.span) }

    mutating func append(_ bytes: Span<UInt8>) {
        // In range by the minimum.
        unsafe bytes.withUnsafeBufferPointer { bytes in
            let length = unsafe min(bytes.count, room.count - 1 - count)
            guard length > 0, let base = bytes.baseAddress, let start = unsafe room.baseAddress else {
                return
            }
            unsafe (start + count).copyMemory(from: base, byteCount: length)
            count += length
        }
    }

    /// Appends `value` in decimal, with zeros in front up to `width`.
    mutating func append(decimal value: UInt64, width: Int = 1) {
        if width == 1, value < 1000, unsafe count + 3 < room.count {
            return append(small: UInt32(truncatingIfNeeded: value))
        }
        var digits = 1
        var limit: UInt64 = 10
        while digits < 19, value >= limit {
            digits += 1
            limit &*= 10
        }
        if value >= limit { digits += 1 }
        digits = max(digits, width)
        guard unsafe count + digits < room.count else { return }
        var rest = value
        var index = count &+ digits
        count = index
        while digits > 0 {
            digits &-= 1
            index &-= 1
            // In range by the test above.
            unsafe room[index] = 48 &+ UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
    }

    /// Appends a number of three digits at most, for which there is room.
    @inline(__always)
    private mutating func append(small value: UInt32) {
        // In range by the caller's test.
        if value >= 100 {
            unsafe room[count] = UInt8(truncatingIfNeeded: 48 &+ value / 100)
            count &+= 1
        }
        if value >= 10 {
            unsafe room[count] = UInt8(truncatingIfNeeded: 48 &+ value / 10 % 10)
            count &+= 1
        }
        unsafe room[count] = UInt8(truncatingIfNeeded: 48 &+ value % 10)
        count &+= 1
    }

    /// Appends a span of nanoseconds as seconds with six fraction digits.
    mutating func append(seconds nanoseconds: UInt64) {
        let microseconds = nanoseconds / 1000
        append(decimal: microseconds / 1_000_000)
        append(UInt8(ascii: "."))
        append(decimal: microseconds % 1_000_000, width: 6)
    }
}
