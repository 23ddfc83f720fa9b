/// What all copies of an `Object` share.
@usableFromInline
final class ObjectCore<Value: Sendable>: Sendable {
    @usableFromInline let reader: ObjectReader
    /// Appends all members, each after a comma.
    @usableFromInline let writeMembers: @Sendable (Value, inout JSONWriter) -> Void
    /// The members of a value, as columns hold them; `nil` for one that is left out.
    let store: [@Sendable (Value) -> ColumnValue?]
    /// Whether a value may leave out one of them.
    let mayLeaveOut: Bool
    /// Puts the members of a value into their slots.
    let placements: [MemberPlacement<Value>]
    /// Makes the value of the filled slots.
    @usableFromInline let make: @Sendable (inout SlotCursor) -> Value
    /// The component's name, where the type's own is not good enough.
    let givenName: String?
    @usableFromInline let summary: String?

    @usableFromInline
    init(
        reader: ObjectReader, writeMembers: @escaping @Sendable (Value, inout JSONWriter) -> Void,
        store: [@Sendable (Value) -> ColumnValue?],
        placements: [MemberPlacement<Value>], make: @escaping @Sendable (inout SlotCursor) -> Value,
        name: String?, summary: String?
    ) {
        self.reader = reader
        self.writeMembers = writeMembers
        self.make = make
        self.store = store
        mayLeaveOut = reader.members.contains(where: \.mayBeUnset)
        self.placements = placements
        givenName = name
        self.summary = summary
    }

    /// The component's name, unless several types share it.
    var name: String { givenName ?? SchemaComponents.componentName("\(Value.self)") }

    @inlinable
    func read(_ json: inout JSONReader) throws(JSONFallback) -> Value {
        try json.open(UInt8(ascii: "{"))
        // The slots live for this call only; `ObjectReader` fills all or none.
        return try unsafe withUnsafeTemporaryAllocation(
            byteCount: reader.byteCount, alignment: reader.alignment
        ) { memory throws(JSONFallback) in
            guard let slots = memory.baseAddress else { throw JSONFallback() }
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

    @inlinable
    func value(ofColumns columns: (Int, ColumnType) -> ColumnValue) throws(ColumnMismatch) -> Value {
        // As in `read`.
        try unsafe withUnsafeTemporaryAllocation(
            byteCount: reader.byteCount, alignment: reader.alignment
        ) { memory throws(ColumnMismatch) in
            guard let slots = memory.baseAddress else { throw ColumnMismatch(name: "") }
            try unsafe reader.load(columns, slots)
            var cursor = unsafe SlotCursor(reader, slots)
            return make(&cursor)
        }
    }

    func plainValue(ofTexts texts: (Int) -> String?) -> Value? {
        // As in `read`.
        unsafe withUnsafeTemporaryAllocation(byteCount: reader.byteCount, alignment: reader.alignment) {
            guard let slots = $0.baseAddress, unsafe reader.read(texts, slots) else { return nil }
            var cursor = unsafe SlotCursor(reader, slots)
            return make(&cursor)
        }
    }

    /// The value with some of its members in the place of their own.
    func value(_ value: Value, with parts: SlotStorage) -> Value {
        // As in `read`; each slot is filled from one of the two.
        unsafe withUnsafeTemporaryAllocation(byteCount: reader.byteCount, alignment: reader.alignment) {
            guard let slots = $0.baseAddress else { return value }
            for index in reader.members.indices {
                let slot = unsafe slots + reader.offsets[index]
                if unsafe !parts.copy(index, to: slot) { unsafe placements[index].place(value, slot) }
            }
            var cursor = unsafe SlotCursor(reader, slots)
            return make(&cursor)
        }
    }

    func validate(_ given: [JSONValue.Member], _ validation: inout Validation) -> Value? {
        // As in `read`.
        unsafe withUnsafeTemporaryAllocation(byteCount: reader.byteCount, alignment: reader.alignment) {
            guard let slots = $0.baseAddress, unsafe reader.validate(given, slots, &validation) else {
                return nil
            }
            var cursor = unsafe SlotCursor(reader, slots)
            return make(&cursor)
        }
    }
}

/// How one member of a value gets into its slot.
@usableFromInline
@safe
struct MemberPlacement<Root: Sendable>: Sendable {
    let place: @Sendable (Root, UnsafeMutableRawPointer) -> Void

    init<Value: Sendable>(_ get: @escaping @Sendable (Root) -> Value) {
        // The slot is this member's: it has the size and alignment of `Value`, and holds nothing.
        unsafe place = { root, slot in unsafe slot.initializeMemory(as: Value.self, to: get(root)) }
    }
}
