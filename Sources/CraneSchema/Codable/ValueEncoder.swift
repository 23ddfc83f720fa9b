/// Writes a value's members straight to the bytes as `encode(to:)` names them.
///
/// The writer is lent to it for that call: an encoder that is kept beyond it has a writer of its own, which nobody reads.
final class ValueEncoder: Encoder {
    /// The writer that an encoder and those of its nested containers share.
    final class Output {
        var writer = JSONWriter(nowhere: ())
    }

    private let output: Output
    /// The learned members; none for a nested container.
    private let layout: CodableLayout?
    /// The type whose `encode(to:)` is asked.
    private let type: ObjectIdentifier?
    let codingPath: [any CodingKey]
    private var turn = 0
    private var isEmpty = true
    private var isFirst = true
    /// The bracket that ends what was begun.
    private var closing: UInt8?
    private var isClosed = false
    /// The nested container that is being filled.
    private var nested: ValueEncoder?

    var userInfo: [CodingUserInfoKey: Any] { [:] }

    private init(
        _ output: Output, _ layout: CodableLayout?, _ type: ObjectIdentifier?, _ codingPath: [any CodingKey]
    ) {
        self.output = output
        self.layout = layout
        self.type = type
        self.codingPath = codingPath
    }

    /// Appends a value; `null`, and the error in the writer, where its `encode(to:)` throws.
    static func write<Value: Encodable>(
        _ value: Value, _ layout: CodableLayout?, to writer: inout JSONWriter
    ) {
        let start = writer.count
        let encoder = ValueEncoder(Output(), layout, ObjectIdentifier(Value.self), [])
        swap(&encoder.output.writer, &writer)
        var failure: (any Error)?
        do { try value.encode(to: encoder) } catch { failure = error }
        encoder.close()
        swap(&encoder.output.writer, &writer)
        guard let failure else { return }
        writer.cut(at: start)
        writer.null()
        writer.fail(failure)
    }

    /// A value as a tree; `null` where it cannot be encoded.
    static func tree(of value: some Encodable) -> JSONValue {
        let bytes = JSONWriter.bytes { write(value, nil, to: &$0) }
        return (try? JSONValue.parse(bytes)) ?? .null
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        open(UInt8(ascii: "{"), UInt8(ascii: "}"))
        return KeyedEncodingContainer(MemberContainer<Key>(encoder: self))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        open(UInt8(ascii: "["), UInt8(ascii: "]"))
        return ElementContainer(encoder: self)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { WrappedContainer(encoder: self) }

    private func open(_ bracket: UInt8, _ closing: UInt8) {
        guard self.closing == nil, !isClosed else { return }
        output.writer.byte(bracket)
        self.closing = closing
        isEmpty = false
    }

    /// Ends what was begun: later members would stand outside it.
    private func close() {
        guard !isClosed else { return }
        closeNested()
        if let closing { output.writer.byte(closing) } else if isEmpty { output.writer.raw("{}") }
        isClosed = true
    }

    private func closeNested() {
        nested?.close()
        nested = nil
    }

    /// Appends the comma that an element needs.
    private func begin() throws {
        guard !isClosed else {
            throw EncodingError.invalidValue(
                "",
                .init(
                    codingPath: codingPath,
                    debugDescription:
                        "nested containers are to be filled one after the other, during encode(to:)"))
        }
        if nested != nil { closeNested() }
        if isFirst { isFirst = false } else { output.writer.byte(UInt8(ascii: ",")) }
    }

    /// Appends the name of a member; its place where it was learned.
    @inline(__always)
    private func member(_ name: String) throws -> Int? {
        try begin()
        if let layout, let index = layout.index(of: name, &turn) {
            output.writer.raw(layout.openings[index])
            return index
        }
        output.writer.string(name)
        output.writer.byte(UInt8(ascii: ":"))
        return nil
    }

    /// Appends a member that is written as its type always is, unless the member's schema has a way of its own.
    @inline(__always)
    func plain<Value: Encodable>(
        _ value: Value, _ name: String, _ write: (borrowing Value, inout JSONWriter) -> Void
    ) throws {
        guard let index = try member(name), let layout, !layout.members[index].isPlain else {
            return write(value, &output.writer)
        }
        try learned(value, index, layout)
    }

    func null(_ name: String) throws {
        _ = try member(name)
        output.writer.null()
    }

    func member<Value: Encodable>(_ value: Value, _ key: some CodingKey) throws {
        let start = output.writer.count
        let wasFirst = isFirst
        guard let index = try member(key.stringValue), let layout else { return try content(value, key) }
        guard layout.valueTypes[index] == ObjectIdentifier(Value.self) else { return try content(value, key) }
        if try !learned(value, index, layout) {
            // An unset member is left out.
            output.writer.cut(at: start)
            isFirst = wasFirst
        }
    }

    @discardableResult
    private func learned<Value>(_ value: Value, _ index: Int, _ layout: CodableLayout) throws -> Bool {
        let failed = output.writer.failure != nil
        // The member's schema is of this type.
        let isWritten = unsafe withUnsafePointer(to: value) {
            unsafe layout.members[index].write(UnsafeRawPointer($0), &output.writer)
        }
        if !failed, output.writer.failure != nil { output.writer.fail(inside: layout.names[index]) }
        return isWritten
    }

    func element<Value: Encodable>(_ value: Value) throws {
        try begin()
        try content(value, nil)
    }

    func nullElement() throws {
        try begin()
        output.writer.null()
    }

    /// Appends the value in the place of an object.
    func whole<Value: Encodable>(_ value: Value) throws {
        isEmpty = false
        try begin()
        if let layout, layout.valueTypes.first == ObjectIdentifier(Value.self) {
            try learned(value, 0, layout)
        } else {
            try content(value, nil)
        }
    }

    func wholeNull() throws {
        isEmpty = false
        try nullElement()
    }

    /// Appends a value by what its type says of itself.
    private func content<Value: Encodable>(_ value: Value, _ key: (any CodingKey)?) throws {
        if let described = value as? any SchemaRepresentable {
            let failed = output.writer.failure != nil
            Self.write(described, to: &output.writer)
            if !failed, output.writer.failure != nil, let key { output.writer.fail(inside: key.stringValue) }
            return
        }
        let type = ObjectIdentifier(Value.self)
        guard type != self.type else {
            throw EncodingError.invalidValue(
                value, .init(codingPath: codingPath, debugDescription: "\(Value.self) has no form in JSON"))
        }
        let encoder = ValueEncoder(output, nil, type, codingPath + (key.map { [$0] } ?? []))
        try value.encode(to: encoder)
        encoder.close()
    }

    private static func write<Value: SchemaRepresentable>(_ value: Value, to writer: inout JSONWriter) {
        Value.schema.write(value, to: &writer)
    }

    /// The encoder of a container inside this one.
    func inside(_ key: (any CodingKey)?) -> ValueEncoder {
        let encoder = ValueEncoder(output, nil, nil, codingPath + (key.map { [$0] } ?? []))
        do {
            if let key { _ = try member(key.stringValue) } else { try begin() }
            nested = encoder
        } catch {
            // This encoder is closed: what is put into the new one is refused as well.
            encoder.isClosed = true
        }
        return encoder
    }
}
