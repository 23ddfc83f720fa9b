/// Bytes that many connections may be sending at the same time: made once, then never changed, freed with their last holder.
///
/// Any thread.
@safe
package final class SharedBytes: @unchecked Sendable {
    // Written by `init` alone, freed in deinit.
    fileprivate let base: UnsafeMutableRawPointer
    package let count: Int

    /// Copies `bytes`.
    package init(_ bytes: UnsafeRawBufferPointer) {
        count = bytes.count
        unsafe base = .allocate(byteCount: max(1, bytes.count), alignment: 16)
        unsafe UnsafeMutableRawBufferPointer(start: base, count: bytes.count).copyMemory(from: bytes)
    }

    /// Copies what was appended.
    package convenience init(_ output: OutputBuffer) {
        // The memory is the output's until this returns.
        unsafe self.init(output.bytes)
    }

    deinit {
        unsafe base.deallocate()
    }

    /// The bytes; valid as long as somebody holds this.
    package var bytes: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(start: base, count: count) }
}

/// Pieces of shared bytes that leave together, in one call of writev(2). Kept and filled again; one thread only.
@safe
package final class SharedPieces {
    /// The most pieces; Linux takes 1024 in a call (IOV_MAX).
    package static let bound = 64

    // Freed in deinit; `count` elements are initialised. Each is laid out as an iovec (readv(2)).
    private let vectors: UnsafeMutablePointer<(base: UnsafeRawPointer, count: Int)>
    /// Who holds the memory of each.
    @safe @exclusivity(unchecked) private var holders: [SharedBytes] = []
    @safe @exclusivity(unchecked) private var used = 0

    // Computed: other modules' reads of a stored property would be checked for exclusivity.
    package var count: Int { used }

    package init() {
        unsafe vectors = .allocate(capacity: Self.bound)
        holders.reserveCapacity(Self.bound)
    }

    deinit {
        unsafe vectors.deallocate()
    }

    package var isFull: Bool { count == Self.bound }

    /// Where each piece begins, and its bytes; valid until the next change.
    package var pieces: UnsafeBufferPointer<(base: UnsafeRawPointer, count: Int)> {
        unsafe UnsafeBufferPointer(start: vectors, count: count)
    }

    /// Appends a part of `bytes`; there must be room.
    package func append(_ bytes: SharedBytes, from start: Int = 0, to end: Int? = nil) {
        let end = end ?? bytes.count
        precondition(!isFull && 0 <= start && start <= end && end <= bytes.count)
        let base = unsafe UnsafeRawPointer(bytes.base + start)
        unsafe (vectors + count).initialize(to: (base: base, count: end - start))
        holders.append(bytes)
        used += 1
    }

    /// Lets go of all pieces.
    package func removeAll() {
        holders.removeAll(keepingCapacity: true)
        used = 0
    }

    /// Who holds the memory of a piece.
    package func holder(of index: Int) -> SharedBytes { holders[index] }
}
