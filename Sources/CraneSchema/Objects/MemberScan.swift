/// Where the fast reader stands among the members of one object.
///
/// Members in the order of the fields cost nothing here; a member that comes early is noted by its offset and read when
/// its field's turn comes.
struct MemberScan {
    /// The field whose turn it is.
    var turn = 0
    var isFirst = true
    var isClosed = false
    /// Offsets of the values that came early, by field, 0 for none; empty until one does.
    var early: [Int] = []

    /// Goes to the key of the next member; false once the object has ended.
    mutating func nextMember(_ reader: inout JSONReader) throws(JSONFallback) -> Bool {
        if isClosed { return false }
        guard try reader.more(until: UInt8(ascii: "}"), first: isFirst) else {
            isClosed = true
            return false
        }
        isFirst = false
        return true
    }

    /// The offset of the value of the field whose turn it is, if it came early.
    func earlyOffset() -> Int? {
        guard !early.isEmpty, early[turn] != 0 else { return nil }
        return early[turn]
    }

    /// Looks at a member that is not the one whose turn it is: notes it for later or skips it when unknown.
    ///
    /// Throws for a key that has been seen, since the last one wins in Python, and for an unknown one where those are forbidden.
    mutating func putAside(
        _ reader: inout JSONReader, _ members: [Member], _ extra: ExtraMembers
    ) throws(JSONFallback) {
        for field in members.indices where reader.takesKey(members[field].key) {
            guard field > turn, early.isEmpty || early[field] == 0 else { throw JSONFallback() }
            if early.isEmpty { early = Array(repeating: 0, count: members.count) }
            _ = reader.next()
            early[field] = reader.index
            return try reader.skipValue()
        }
        if extra == .forbid { throw JSONFallback() }
        try reader.skipUnknownKey()
        try reader.skipValue()
    }
}
