/// Reads the members of an object into one run of raw memory, a slot for each field.
///
/// Either all slots end up initialised or none is.
@usableFromInline
@safe
final class ObjectReader: Sendable {
    @usableFromInline let members: [Member]
    /// Where each slot starts.
    @usableFromInline let offsets: [Int]
    /// The fields' places in the order of their names: an object's members are looked up here one by one, however many there are.
    private let order: [Int]
    @usableFromInline let byteCount: Int
    @usableFromInline let alignment: Int
    let extra: ExtraMembers

    @usableFromInline
    init(_ members: [Member], extra: ExtraMembers = .ignore) {
        self.members = members
        self.extra = extra
        var offsets: [Int] = []
        var end = 0
        for member in members {
            let start = (end + member.alignment - 1) & ~(member.alignment - 1)
            offsets.append(start)
            end = start + member.size
        }
        self.offsets = offsets
        order = members.indices.sorted { ObjectReader.precedes(members[$0].name, members[$1].name) }
        byteCount = max(end, 1)
        alignment = members.map(\.alignment).max() ?? 1
    }

    /// Whether a field has that name.
    func has(_ name: String) -> Bool { position(of: name) != nil }

    /// Which field has that name; found by halving, as a table of hashes would have each start pay for its making.
    private func position(of name: String) -> Int? {
        var range = 0..<order.count
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            if ObjectReader.precedes(members[order[middle]].name, name) {
                range = (middle + 1)..<range.upperBound
            } else {
                range = range.lowerBound..<middle
            }
        }
        guard range.lowerBound < order.count, case let found = order[range.lowerBound],
            members[found].name.utf8.elementsEqual(name.utf8)
        else { return nil }
        return found
    }

    /// By code points, as JSON compares names.
    private static func precedes(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }

    /// Reads the members of an object whose bracket has been taken.
    @usableFromInline
    func read(
        _ reader: inout JSONReader, _ memory: UnsafeMutableRawPointer
    ) throws(JSONFallback) {
        var scan = MemberScan()
        do {
            while scan.turn < members.count {
                try unsafe readNext(&reader, &scan, memory + offsets[scan.turn])
                scan.turn += 1
            }
            while try scan.nextMember(&reader) { try scan.putAside(&reader, members, extra) }
        } catch {
            // The slots before the present turn hold values.
            for index in 0..<scan.turn { unsafe members[index].destroy(memory + offsets[index]) }
            throw error
        }
    }

    /// Reads the value of the field whose turn it is.
    private func readNext(
        _ reader: inout JSONReader, _ scan: inout MemberScan, _ slot: UnsafeMutableRawPointer
    ) throws(JSONFallback) {
        if let offset = scan.earlyOffset() {
            var aside = reader
            aside.index = offset
            return try unsafe members[scan.turn].read(&aside, slot)
        }
        while try scan.nextMember(&reader) {
            if reader.takesKey(members[scan.turn].key) {
                return try unsafe members[scan.turn].read(&reader, slot)
            }
            try scan.putAside(&reader, members, extra)
        }
        guard unsafe members[scan.turn].fill(slot) else { throw JSONFallback() }
    }

    /// Fills the slots with the values of columns.
    @usableFromInline
    func load(
        _ columns: (Int, ColumnType) -> ColumnValue, _ memory: UnsafeMutableRawPointer
    ) throws(ColumnMismatch) {
        for index in members.indices {
            let column = columns(index, members[index].columnType)
            if unsafe members[index].load(column, memory + offsets[index]) { continue }
            // The slots before this one hold values.
            for filled in 0..<index { unsafe members[filled].destroy(memory + offsets[filled]) }
            throw ColumnMismatch(name: members[index].name)
        }
    }

    /// Fills the slots with the values of plain texts, `nil` for what was not sent; false where one is unusual or has to be sent.
    func read(_ texts: (Int) -> String?, _ memory: UnsafeMutableRawPointer) -> Bool {
        for index in members.indices {
            let slot = unsafe memory + offsets[index]
            if let text = texts(index) {
                if unsafe members[index].readText(text, slot) { continue }
            } else if unsafe members[index].fill(slot) {
                continue
            }
            // The slots before this one hold values.
            for filled in 0..<index { unsafe members[filled].destroy(memory + offsets[filled]) }
            return false
        }
        return true
    }

    /// What was sent for each field.
    func inputs(of given: [JSONValue.Member]) -> [JSONValue?] {
        var inputs = [JSONValue?](repeating: nil, count: members.count)
        for member in given {
            if let index = position(of: member.key) { inputs[index] = member.value }
        }
        return inputs
    }

    /// Validates all members, reporting the missing; false, with issues, where a slot got no value.
    @usableFromInline
    func validate(
        _ given: [JSONValue.Member], _ memory: UnsafeMutableRawPointer, _ validation: inout Validation
    ) -> Bool {
        let inputs = inputs(of: given)
        var filled: [Int] = []
        for (index, member) in members.enumerated() {
            let isFilled = validation.at(.key(member.name)) { validation in
                if let input = inputs[index] {
                    return unsafe member.validate(input, memory + offsets[index], &validation)
                }
                if unsafe member.fill(memory + offsets[index]) { return true }
                validation.report("missing", "Field required", input: .object(given))
                return false
            }
            if isFilled { filled.append(index) }
        }
        if filled.count == members.count { return true }
        for index in filled { unsafe members[index].destroy(memory + offsets[index]) }
        return false
    }
}
