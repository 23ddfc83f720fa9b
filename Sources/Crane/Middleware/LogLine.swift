import CraneHTTP
import CraneSystem

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

    /// Appends `value` in decimal.
    mutating func append(decimal value: UInt64) {
        guard let end = unsafe room(for: DecimalDigits.longest) else { return }
        count += unsafe DecimalDigits.write(value, to: end)
    }

    /// Appends the last `width` digits of `value`, zeros in front.
    mutating func append(decimal value: UInt64, width: Int) {
        guard let end = unsafe room(for: width) else { return }
        unsafe DecimalDigits.write(value, width: width, to: end)
        count += width
    }

    /// Appends the four numbers of an IPv4 address.
    mutating func append(v4 address: UInt64) {
        guard let end = unsafe room(for: 4 * (DecimalDigits.longest + 1)) else { return }
        var length = 0
        for shift in [24, 16, 8, 0] as [UInt64] {
            length += unsafe DecimalDigits.write((address >> shift) & 255, to: end + length)
            if shift > 0 {
                unsafe end.storeBytes(of: UInt8(ascii: "."), toByteOffset: length, as: UInt8.self)
                length += 1
            }
        }
        count += length
    }

    /// Where the next byte goes; `nil` where so many do not fit.
    @inline(__always)
    private func room(for length: Int) -> UnsafeMutableRawPointer? {
        // In range by the test, with the last byte kept.
        guard unsafe count + length < room.count, let start = unsafe room.baseAddress else { return nil }
        return unsafe start + count
    }

    /// Appends a span of nanoseconds as seconds with six fraction digits.
    mutating func append(seconds nanoseconds: UInt64) {
        let microseconds = nanoseconds / 1000
        append(decimal: microseconds / 1_000_000)
        append(UInt8(ascii: "."))
        append(decimal: microseconds % 1_000_000, width: 6)
    }
}
