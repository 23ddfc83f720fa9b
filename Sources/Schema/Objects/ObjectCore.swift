/// What all copies of an `Object` share.
@usableFromInline
final class ObjectCore<Value: Sendable>: Sendable {
    @usableFromInline let reader: ObjectReader
    /// Appends all members, each after a comma.
    @usableFromInline let writeMembers: @Sendable (Value, inout JSONWriter) -> Void
    /// Makes the value of the filled slots.
    @usableFromInline let make: @Sendable (inout SlotCursor) -> Value
    @usableFromInline let name: String
    @usableFromInline let summary: String?

    @usableFromInline
    init(
        reader: ObjectReader, writeMembers: @escaping @Sendable (Value, inout JSONWriter) -> Void,
        make: @escaping @Sendable (inout SlotCursor) -> Value, name: String, summary: String?
    ) {
        self.reader = reader
        self.writeMembers = writeMembers
        self.make = make
        self.name = name
        self.summary = summary
    }

    @inlinable
    func read(_ json: inout JSONReader) throws(JSONDetour) -> Value {
        try json.open(UInt8(ascii: "{"))
        // The slots live for this call only; `ObjectReader` fills all or none.
        return try unsafe withUnsafeTemporaryAllocation(
            byteCount: reader.byteCount, alignment: reader.alignment
        ) { memory throws(JSONDetour) in
            guard let slots = memory.baseAddress else { throw JSONDetour() }
            try unsafe reader.read(&json, slots)
            var cursor = unsafe SlotCursor(reader, slots)
            return make(&cursor)
        }
    }

    /// Appends the members, each after a comma, and the bracket that closes them.
    @inlinable
    func write(_ value: Value, to writer: inout JSONWriter) {
        writeMembers(value, &writer)
        writer.byte(UInt8(ascii: "}"))
    }

    func validate(_ table: MemberTable, _ validation: inout Validation) -> Value? {
        // As in `read`.
        unsafe withUnsafeTemporaryAllocation(byteCount: reader.byteCount, alignment: reader.alignment) {
            guard let slots = $0.baseAddress, unsafe reader.validate(table, slots, &validation) else {
                return nil
            }
            var cursor = unsafe SlotCursor(reader, slots)
            return make(&cursor)
        }
    }
}
