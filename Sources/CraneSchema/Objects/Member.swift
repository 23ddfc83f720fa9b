/// How one member of an object is read, checked and described, its type forgotten.
///
/// The value is left in a slot: raw memory of the value's size and alignment, initialised by `read`, `fill` or
/// `validate` where they succeed, and by nothing else.
@usableFromInline
@safe
package struct Member: Sendable {
    @usableFromInline package let notes: FieldNotes
    /// `"name"`, as it stands in JSON.
    @usableFromInline let key: [UInt8]
    @usableFromInline let size: Int
    @usableFromInline let alignment: Int
    @usableFromInline package let isRequired: Bool
    /// Whether an object may leave it out when it is written.
    @usableFromInline let mayBeUnset: Bool
    /// Whether a parameter takes all texts of the name, and whether no text can be the value; see `Schema`.
    @usableFromInline package let isManyValued: Bool
    @usableFromInline package let isObject: Bool
    /// Reads the value at the cursor into the slot.
    @usableFromInline
    let read: @Sendable (inout JSONReader, UnsafeMutableRawPointer) throws(JSONFallback) -> Void
    /// Puts the value of plain text into the slot; false for anything unusual.
    @usableFromInline let readText: @Sendable (String, UnsafeMutableRawPointer) -> Bool
    /// Puts the default into the slot; false where there is none.
    @usableFromInline let fill: @Sendable (UnsafeMutableRawPointer) -> Bool
    /// Puts the value of a tree into the slot; false, with issues, where there is none.
    @usableFromInline
    let validate: @Sendable (JSONValue, UnsafeMutableRawPointer, inout Validation) -> Bool
    /// Appends the value in the slot; nothing, and false, for one that an object leaves out.
    @usableFromInline let write: @Sendable (UnsafeRawPointer, inout JSONWriter) -> Bool
    /// Puts the value of the first slot into the second as well.
    @usableFromInline let copy: @Sendable (UnsafeRawPointer, UnsafeMutableRawPointer) -> Void
    /// Ends the life of the value in the slot.
    @usableFromInline let destroy: @Sendable (UnsafeMutableRawPointer) -> Void
    /// The JSON Schema of the member's value alone, with its example, and the default.
    @usableFromInline
    package let describe: @Sendable (inout SchemaComponents) -> (json: JSONValue, fallback: JSONValue?)
    @usableFromInline let columnType: ColumnType
    /// What a column has by default; made when it is asked for, as most objects are in no table.
    @usableFromInline let columnFallback: @Sendable () -> ColumnValue?
    /// Puts the value of a column into the slot; false where the column holds none.
    @usableFromInline let load: @Sendable (ColumnValue, UnsafeMutableRawPointer) -> Bool

    @usableFromInline package var name: String { notes.name }

    @inlinable
    init<Content: Schema>(
        _ schema: Content, _ fallback: Content.Value?, _ example: Content.Value?, _ notes: FieldNotes
    ) {
        let fallback = fallback ?? schema.unsetValue
        self.notes = notes
        key = JSONWriter.quoted(notes.name)
        size = MemoryLayout<Content.Value>.size
        alignment = MemoryLayout<Content.Value>.alignment
        isRequired = fallback == nil
        mayBeUnset = schema.unsetValue != nil
        isManyValued = Content.isManyValued
        isObject = Content.isObject
        // The slot has this value's size and alignment and holds nothing: `ObjectReader` sees to both.
        unsafe read = { (reader: inout JSONReader, slot) throws(JSONFallback) in
            let value = try schema.read(&reader)
            unsafe slot.initializeMemory(as: Content.Value.self, to: value)
        }
        unsafe readText = { text, slot in
            guard let value = schema.read(text: text) else { return false }
            unsafe slot.initializeMemory(as: Content.Value.self, to: value)
            return true
        }
        unsafe fill = { slot in
            guard let fallback else { return false }
            unsafe slot.initializeMemory(as: Content.Value.self, to: fallback)
            return true
        }
        unsafe validate = { input, slot, validation in
            guard let value = schema.validate(input, &validation) else { return false }
            unsafe slot.initializeMemory(as: Content.Value.self, to: value)
            return true
        }
        unsafe write = { slot, writer in
            let value = unsafe slot.assumingMemoryBound(to: Content.Value.self).pointee
            if schema.isUnset(value) { return false }
            schema.write(value, to: &writer)
            return true
        }
        unsafe copy = { from, slot in
            unsafe slot.initializeMemory(
                as: Content.Value.self, to: from.assumingMemoryBound(to: Content.Value.self).pointee)
        }
        unsafe destroy = { slot in
            _ = unsafe slot.assumingMemoryBound(to: Content.Value.self).deinitialize(count: 1)
        }
        columnType = schema.columnType
        columnFallback = { fallback.map { schema.columnValue($0) } }
        unsafe load = { column, slot in
            guard let value = schema.value(ofColumn: column) else { return false }
            unsafe slot.initializeMemory(as: Content.Value.self, to: value)
            return true
        }
        describe = { components in
            var json = schema.jsonSchema(&components)
            if let example {
                components.check(example, of: schema, as: "example")
                json = json.adding("examples", [schema.tree(example)])
            }
            if let fallback, !schema.isUnset(fallback) { components.check(fallback, of: schema) }
            return (json, components.isWritten ? fallback.map { schema.tree($0) } : nil)
        }
    }

    func jsonSchema(_ components: inout SchemaComponents) -> JSONValue {
        let (json, fallback) = describe(&components)
        return notes.annotate(json, default: fallback)
    }
}
