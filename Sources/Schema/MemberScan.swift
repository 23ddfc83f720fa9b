/// Where the fast reader stands among the members of one object.
///
/// Members in the order of the fields cost nothing here; a member that comes early is noted by its offset and read when
/// its field's turn comes.
@usableFromInline
struct MemberScan {
    /// The field whose turn it is.
    @usableFromInline var turn = 0
    @usableFromInline var isFirst = true
    @usableFromInline var isClosed = false
    /// Offsets of the values that came early, by field, 0 for none; empty until one does.
    @usableFromInline var early: [Int] = []

    @inlinable
    init() {}

    /// Goes to the key of the next member; false once the object has ended.
    @inlinable
    mutating func nextMember(_ reader: inout JSONReader) throws(JSONDetour) -> Bool {
        if isClosed { return false }
        guard try reader.more(until: UInt8(ascii: "}"), first: isFirst) else {
            isClosed = true
            return false
        }
        isFirst = false
        return true
    }

    /// The offset of the value of the field whose turn it is, if it came early.
    @inlinable
    func earlyOffset() -> Int? {
        guard !early.isEmpty, early[turn] != 0 else { return nil }
        return early[turn]
    }

    /// Looks at a member that is not the one whose turn it is: notes it for later or skips it when unknown.
    ///
    /// Throws for a key that has been seen, since the last one wins in Python.
    @usableFromInline
    mutating func putAside(_ reader: inout JSONReader, _ keys: [[UInt8]]) throws(JSONDetour) {
        for (field, key) in keys.enumerated() where reader.takesKey(key) {
            guard field > turn, early.isEmpty || early[field] == 0 else { throw JSONDetour() }
            if early.isEmpty { early = Array(repeating: 0, count: keys.count) }
            _ = reader.next()
            early[field] = reader.index
            return try reader.skipValue()
        }
        try reader.skipUnknownKey()
        try reader.skipValue()
    }
}

extension JSONReader {
    /// Takes a quoted key and its colon where they stand next.
    @inlinable
    mutating func takesKey(_ key: [UInt8]) -> Bool {
        guard next() == 0x22, end &- index > key.count else { return false }
        for offset in key.indices where key[offset] != at(index &+ offset) { return false }
        let start = index
        index &+= key.count
        if takes(UInt8(ascii: ":")) { return true }
        index = start
        return false
    }

    /// Takes a key that is no field's; one with escapes might be a field's after all.
    @usableFromInline
    mutating func skipUnknownKey() throws(JSONDetour) {
        let start = index
        try skipString()
        for offset in start..<index where at(offset) == 0x5C { throw JSONDetour() }
        try take(UInt8(ascii: ":"))
    }
}
