/// A cursor over the bytes of one JSON text that takes plain, correct input and gives up at the first surprise.
///
/// It never judges: whatever it refuses is read again by `JSONParser`, which knows the wording of errors and all of
/// pydantic's coercions. It borrows the bytes, so it must not outlive the call that lends them.
@safe
public struct JSONReader {
    /// Start of the borrowed bytes; reads stay below `end`.
    @usableFromInline let base: UnsafePointer<UInt8>
    @usableFromInline let end: Int
    /// Offset of the next byte.
    @usableFromInline var index = 0
    /// Containers that may still be opened.
    @usableFromInline var room: Int

    /// Borrows `bytes`; nil where they are empty.
    @inlinable
    public init?(_ bytes: UnsafeRawBufferPointer, maximumDepth: Int = JSONLimits().depth) {
        guard let start = bytes.baseAddress, unsafe !bytes.isEmpty else { return nil }
        unsafe base = start.assumingMemoryBound(to: UInt8.self)
        end = bytes.count
        room = maximumDepth
    }

    /// The byte at an offset; the caller has checked it against `end`.
    @inlinable
    @inline(__always)
    func at(_ offset: Int) -> UInt8 {
        // Every caller compares the offset with `end` first; this is the one place that reads a byte.
        unsafe base[offset]
    }

    /// Moves past blanks; the next byte, or 0 at the end.
    @inlinable
    @inline(__always)
    mutating func next() -> UInt8 {
        if index < end {
            let value = at(index)
            if value > 0x20 { return value }
        }
        return nextPastBlanks()
    }

    @usableFromInline
    mutating func nextPastBlanks() -> UInt8 {
        while index < end {
            let value = at(index)
            guard value == 0x20 || value == 0x0A || value == 0x0D || value == 0x09 else { return value }
            index += 1
        }
        return 0
    }

    /// Takes one given byte after blanks.
    @inlinable
    mutating func take(_ value: UInt8) throws(JSONFallback) {
        guard next() == value else { throw JSONFallback() }
        index &+= 1
    }

    /// Takes one given byte after blanks where it stands next.
    @inlinable
    mutating func takes(_ value: UInt8) -> Bool {
        guard next() == value else { return false }
        index &+= 1
        return true
    }

    /// Enters a container that starts with `bracket`.
    @inlinable
    public mutating func open(_ bracket: UInt8) throws(JSONFallback) {
        try take(bracket)
        guard room > 0 else { throw JSONFallback() }
        room &-= 1
    }

    /// Leaves a container whose last bracket has been taken.
    @inlinable
    public mutating func close() {
        room &+= 1
    }

    /// Takes a comma and says true, or `bracket` and says false; before the first element only the bracket is looked for.
    @inlinable
    public mutating func more(until bracket: UInt8, first: Bool) throws(JSONFallback) -> Bool {
        let value = next()
        if value == bracket {
            index &+= 1
            close()
            return false
        }
        if first { return true }
        guard value == UInt8(ascii: ",") else { throw JSONFallback() }
        index &+= 1
        return true
    }

    /// Throws unless only blanks are left.
    @inlinable
    public mutating func finish() throws(JSONFallback) {
        // `next` says 0 for a NUL byte too, so the offset decides.
        guard next() == 0, index == end else { throw JSONFallback() }
    }
}
