/// What stands before the value of each member of an object: `{"id":`, `,"talk_id":` and so on.
///
/// For writing an object from its parts where making the Swift value first would cost more, as for rows of a database.
/// Appending an opening of up to 32 bytes is two stores, without a call.
public struct MemberOpenings: Sendable {
    /// Nothing in it is counted: reading it from the array costs no retain.
    @usableFromInline
    struct Head: Sendable {
        @usableFromInline let bytes: SIMD32<UInt8>
        @usableFromInline let count: Int
    }

    @usableFromInline let heads: [Head]
    @usableFromInline let whole: [[UInt8]]

    init(_ members: [Member]) {
        whole = members.enumerated().map { index, member in
            [UInt8(ascii: index > 0 ? "," : "{")] + member.key + [UInt8(ascii: ":")]
        }
        heads = whole.map { opening in
            var bytes = SIMD32<UInt8>()
            for (index, byte) in opening.prefix(32).enumerated() { bytes[index] = byte }
            return Head(bytes: bytes, count: opening.count)
        }
    }
}

extension JSONWriter {
    /// Appends what stands before the value of a member, the first of which is number 0.
    @inlinable
    public mutating func opening(_ openings: MemberOpenings, at index: Int) {
        let head = openings.heads[index]
        guard head.count <= 32 else { return raw(openings.whole[index]) }
        reserve(32)
        // All 32 bytes are reserved; those past the opening's end are written over.
        unsafe UnsafeMutableRawPointer(base + count).storeBytes(of: head.bytes, as: SIMD32<UInt8>.self)
        setCount(count &+ head.count)
    }
}
