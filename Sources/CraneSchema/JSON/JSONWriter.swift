/// A growing run of bytes that JSON is appended to, without an intermediate tree.
///
/// The text is compact and raw UTF-8, escaped as Python's `json.dumps(ensure_ascii=False)` does it. One owner at a
/// time; any thread. Appending allocates only when the buffer grows, which doubles it.
@safe
public struct JSONWriter: ~Copyable {
    /// Start of the buffer; always `capacity` bytes, of which `count` are initialised.
    @usableFromInline var base: UnsafeMutablePointer<UInt8>
    /// Whether the buffer is lent, and not to be freed.
    @usableFromInline var isLent = false
    @usableFromInline var capacity: Int
    /// Bytes written so far.
    @inlinable public var count: Int { length }
    @usableFromInline var length: Int
    /// The day whose date was written last, counted from 1970, and its text.
    var writtenDay = Int.min
    var writtenDate = SIMD16<UInt8>()
    /// The time that was written last, and its text.
    var writtenTime: Timestamp?
    var writtenTimeText = SIMD32<UInt8>()

    /// Why a value in what was written could not be encoded, and `null` stands in its place; none as a rule.
    public private(set) var failure: EncodingFailure?

    /// Makes an empty writer with room for `capacity` bytes.
    public init(capacity: Int = 512) {
        self.capacity = max(capacity, 64)
        unsafe base = .allocate(capacity: self.capacity)
        length = 0
    }

    /// Makes an empty writer without room, in whose place another one is about to be put.
    init(nowhere: ()) {
        capacity = 0
        length = 0
        // Nothing is written there or freed, since it is lent and has no room.
        unsafe base = Self.nowhere
        isLent = true
    }

    /// A byte that nobody reads or writes.
    private nonisolated(unsafe) static let nowhere = UnsafeMutablePointer<UInt8>.allocate(capacity: 1)

    /// Writes into memory that is good until `bytes` returns.
    @usableFromInline
    init(lent buffer: UnsafeMutableBufferPointer<UInt8>, _ base: UnsafeMutablePointer<UInt8>) {
        unsafe self.base = base
        capacity = buffer.count
        length = 0
        isLent = true
    }

    deinit {
        // Nobody else knows the memory.
        if !isLent { unsafe base.deallocate() }
    }

    /// What `write` appends: written on the stack and copied once where `capacity` is a kilobyte at most, and otherwise where it stays
    /// as long as it fits into `capacity` bytes.
    @inlinable
    public static func bytes(
        capacity: Int = 512, _ write: (inout JSONWriter) throws -> Void
    ) rethrows -> [UInt8] {
        // Past a kilobyte the runtime would ask the system for the stack's bounds first; an array of a given capacity costs more to
        // make than such a copy.
        if capacity <= 1024 {
            return try unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 1024) { buffer in
                // A buffer of 1024 bytes has an address.
                guard let base = buffer.baseAddress else { return [] }
                var writer = unsafe JSONWriter(lent: buffer, base)
                try write(&writer)
                return writer.bytes
            }
        }
        var moved: [UInt8]?
        let bytes = try unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            // As above.
            guard let base = buffer.baseAddress else { return }
            var writer = unsafe JSONWriter(lent: buffer, base)
            try write(&writer)
            if writer.isLent { count = writer.count } else { moved = writer.bytes }
        }
        return moved ?? bytes
    }

    /// The bytes written so far, copied.
    public var bytes: [UInt8] {
        unsafe [UInt8](UnsafeBufferPointer(start: base, count: count))
    }

    /// The text written so far, copied.
    public var text: String {
        unsafe String(decoding: UnsafeBufferPointer(start: base, count: count), as: UTF8.self)
    }

    /// Lends the written bytes without copying; they are valid only inside `body`.
    @inlinable
    public borrowing func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe body(UnsafeRawBufferPointer(start: base, count: count))
    }

    /// Notes that a value could not be encoded; the first counts.
    mutating func fail(_ error: any Error) {
        if failure == nil { failure = EncodingFailure(error) }
    }

    /// Puts a member's name before the path of the value that could not be encoded.
    mutating func fail(inside name: String) {
        failure?.path.insert(name, at: 0)
    }

    /// Throws what could not be encoded, if anything could not.
    @inlinable
    public func check() throws(EncodingFailure) {
        if let failure { throw failure }
    }

    /// Forgets what was written and keeps the buffer for the next use.
    @inlinable
    public mutating func removeAll() {
        setCount(0)
    }

    /// Forgets what was written from this offset on.
    @inlinable
    public mutating func cut(at offset: Int) {
        setCount(min(max(offset, 0), count))
    }

    @inlinable
    mutating func setCount(_ newCount: Int) {
        length = newCount
    }

    /// Makes room for `extra` more bytes.
    @inlinable
    public mutating func reserve(_ extra: Int) {
        if capacity &- count < extra { grow(extra) }
    }

    @inline(never)
    @usableFromInline
    mutating func grow(_ extra: Int) {
        let wanted = max(capacity * 2, count + extra)
        let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: wanted)
        // Only the first `count` bytes are initialised; the old buffer has no other owner.
        unsafe moved.update(from: base, count: count)
        if !isLent { unsafe base.deallocate() }
        isLent = false
        unsafe base = moved
        capacity = wanted
    }

    /// Appends one byte as it is.
    @inlinable
    public mutating func byte(_ value: UInt8) {
        reserve(1)
        unsafe base[count] = value
        setCount(count &+ 1)
    }

    /// Puts one byte in the place of a written one.
    @inlinable
    mutating func replace(at offset: Int, with value: UInt8) {
        precondition(offset < count)
        // The line above keeps it inside what is written.
        unsafe base[offset] = value
    }

    /// Appends bytes as they are; the caller vouches that they are JSON.
    @inlinable
    public mutating func raw(_ value: UnsafeRawBufferPointer) {
        guard let source = value.baseAddress else { return }
        reserve(value.count)
        // `reserve` made room for all of it, and the source never lies in our own buffer.
        unsafe UnsafeMutableRawPointer(base + count).copyMemory(from: source, byteCount: value.count)
        setCount(count &+ value.count)
    }

    /// Appends bytes as they are; the caller vouches that they are JSON.
    @inlinable
    public mutating func raw(_ value: [UInt8]) {
        unsafe value.withUnsafeBytes { unsafe raw($0) }
    }

    /// Appends literal text as it is; the caller vouches that it is JSON.
    @inlinable
    public mutating func raw(_ value: StaticString) {
        // JSON fragments are longer than one scalar or plain ASCII: `utf8Start` is valid for pointer representation.
        if value.hasPointerRepresentation {
            unsafe raw(UnsafeRawBufferPointer(start: value.utf8Start, count: value.utf8CodeUnitCount))
        } else {
            value.withUTF8Buffer { unsafe raw(UnsafeRawBufferPointer($0)) }
        }
    }
}
