/// The slots of one object in memory of their own, all of which hold values, or some.
///
/// Whoever fills them is their only owner then; nothing changes them afterwards, and their values are `Sendable`.
@safe
final class SlotStorage: @unchecked Sendable {
    let reader: ObjectReader
    private let memory: UnsafeMutableRawPointer
    /// Which slots hold values.
    private var isFilled: [Bool]

    init(_ reader: ObjectReader) {
        self.reader = reader
        // Freed by `deinit`.
        unsafe memory = .allocate(byteCount: reader.byteCount, alignment: reader.alignment)
        isFilled = Array(repeating: false, count: reader.members.count)
    }

    deinit {
        for (index, member) in reader.members.enumerated() where isFilled[index] {
            // It holds a value, and nobody has the storage any more.
            unsafe member.destroy(memory + reader.offsets[index])
        }
        // Nothing in it holds a value now.
        unsafe memory.deallocate()
    }

    var filledNames: [String] {
        reader.members.indices.filter { isFilled[$0] }.map { reader.members[$0].name }
    }

    /// Puts what is valid of an object into the slots; what was not sent stays out. False, with issues, where something is not.
    func fill(_ given: [JSONValue.Member], _ validation: inout Validation) -> Bool {
        var isValid = true
        for (index, input) in reader.inputs(of: given).enumerated() {
            guard let input else { continue }
            let member = reader.members[index]
            isFilled[index] = validation.at(.key(member.name)) {
                // A slot is filled once.
                unsafe member.validate(input, memory + reader.offsets[index], &$0)
            }
            if !isFilled[index] { isValid = false }
        }
        return isValid
    }

    /// Puts the value of a slot into that of another storage; false where there is none.
    func copy(_ index: Int, to slot: UnsafeMutableRawPointer) -> Bool {
        guard isFilled[index] else { return false }
        unsafe reader.members[index].copy(memory + reader.offsets[index], slot)
        return true
    }

    /// Appends the filled slots as an object.
    func write(to writer: inout JSONWriter) {
        writer.byte(UInt8(ascii: "{"))
        var isFirst = true
        for (index, member) in reader.members.enumerated() where isFilled[index] {
            let start = writer.count
            if !isFirst { writer.byte(UInt8(ascii: ",")) }
            writer.raw(member.key)
            writer.byte(UInt8(ascii: ":"))
            if unsafe member.write(memory + reader.offsets[index], &writer) {
                isFirst = false
            } else {
                writer.cut(at: start)
            }
        }
        writer.byte(UInt8(ascii: "}"))
    }
}
