/// The slots of one object in memory of their own, all of which hold values, or some.
///
/// Whoever fills them is their only owner then; nothing changes them afterwards, and their values are `Sendable`.
@safe
class SlotStorage: @unchecked Sendable {
    /// Which slots hold values.
    private enum Filling {
        case none, all
        case some([Bool])
    }

    private let reader: ObjectReader
    private let memory: UnsafeMutableRawPointer
    private var filling = Filling.none

    init(_ reader: ObjectReader) {
        self.reader = reader
        // Freed by `deinit`.
        unsafe memory = .allocate(byteCount: reader.byteCount, alignment: reader.alignment)
    }

    deinit {
        for (index, member) in reader.members.enumerated() where isFilled(index) {
            // It holds a value, and nobody has the storage any more.
            unsafe member.destroy(memory + reader.offsets[index])
        }
        // Nothing in it holds a value now.
        unsafe memory.deallocate()
    }

    private func isFilled(_ index: Int) -> Bool {
        switch filling {
        case .none: false
        case .all: true
        case .some(let filled): filled[index]
        }
    }

    var filledNames: [String] {
        reader.members.indices.filter(isFilled).map { reader.members[$0].name }
    }

    /// Reads the members of an object whose bracket has been taken.
    final func fill(_ json: inout JSONReader) throws(JSONFallback) {
        // The slots are empty; all or none are filled.
        try unsafe reader.read(&json, memory)
        filling = .all
    }

    /// Fills all slots with what is valid of an object; false, with issues, where something is not.
    final func fill(_ given: [JSONValue.Member], _ validation: inout Validation) -> Bool {
        // As above.
        guard unsafe reader.validate(given, memory, &validation) else { return false }
        filling = .all
        return true
    }

    /// Reads a value into the first slot, which is the only one.
    final func fillOnly(_ json: inout JSONReader) throws(JSONFallback) {
        // As above.
        try unsafe reader.members[0].read(&json, memory)
        filling = .all
    }

    /// Puts a valid value into the first slot, which is the only one.
    final func fillOnly(_ input: JSONValue, _ validation: inout Validation) -> Bool {
        // As above.
        guard unsafe reader.members[0].validate(input, memory, &validation) else { return false }
        filling = .all
        return true
    }

    /// Fills the slots of what was sent of an object; false, with issues, where something of it is not valid.
    final func fillSome(_ given: [JSONValue.Member], _ validation: inout Validation) -> Bool {
        var isValid = true
        var filled = Array(repeating: false, count: reader.members.count)
        for (index, input) in reader.inputs(of: given).enumerated() {
            guard let input else { continue }
            let member = reader.members[index]
            filled[index] = validation.at(.key(member.name)) {
                // A slot is filled once.
                unsafe member.validate(input, memory + reader.offsets[index], &$0)
            }
            if !filled[index] { isValid = false }
        }
        filling = .some(filled)
        return isValid
    }

    /// The value of a filled slot, whose type the caller has compared.
    @inline(__always)
    final func slot<Value>(_ index: Int, of type: Value.Type) -> Value {
        // As the line above says.
        unsafe (memory + reader.offsets[index]).assumingMemoryBound(to: type).pointee
    }

    /// Asks something of a filled slot.
    final func ask(_ index: Int, _ question: (UnsafeRawPointer) -> Bool) -> Bool {
        // The question is one for this slot's type.
        unsafe question(memory + reader.offsets[index])
    }

    /// Puts the value of a slot into that of another storage; false where there is none.
    final func copy(_ index: Int, to slot: UnsafeMutableRawPointer) -> Bool {
        guard isFilled(index) else { return false }
        unsafe reader.members[index].copy(memory + reader.offsets[index], slot)
        return true
    }

    /// Appends the filled slots as an object.
    final func write(to writer: inout JSONWriter) {
        writer.byte(UInt8(ascii: "{"))
        var isFirst = true
        for (index, member) in reader.members.enumerated() where isFilled(index) {
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
