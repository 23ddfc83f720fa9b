/// The filled slots of one object, from which `init(from:)` takes its values; nothing is parsed here.
///
/// It owns the slots, so that an initialiser may keep it.
final class SlotDecoder: SlotStorage, Decoder, @unchecked Sendable {
    let layout: CodableLayout
    /// The object, where its tree is at hand.
    private let given: [JSONValue.Member]?
    private var turn = 0

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    init(_ layout: CodableLayout, _ given: [JSONValue.Member]? = nil) {
        self.layout = layout
        self.given = given
        super.init(layout.reader)
    }

    /// What an initialiser asked for in vain that it had not asked for when it was tried out.
    struct Refusal: Error {
        let issues: [ValidationIssue]
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(SlotContainer<Key>(decoder: self))
    }

    /// Not asked for by any type that was learned.
    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        throw DecodingError.dataCorrupted(
            .init(codingPath: [], debugDescription: "Input should be an object"))
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { SlotValue(decoder: self) }

    /// The value of a member.
    @inline(__always)
    func value<Value: Decodable>(_ type: Value.Type, of name: String) throws -> Value {
        guard let index = layout.index(of: name, &turn) else { return try unlearned(type, name) }
        // The slot is filled, and of that type.
        if layout.slotTypes[index] == ObjectIdentifier(type) { return slot(index, of: type) }
        return try unwrapped(type, index)
    }

    /// The value of a member that need not be sent.
    @inline(__always)
    func optional<Value: Decodable>(_ type: Value.Type, of name: String) throws -> Value? {
        guard let index = layout.index(of: name, &turn) else {
            return given?.contains { $0.key == name && !$0.value.isNull } == true
                ? try unlearned(type, name) : nil
        }
        // The slot is filled, and of that type.
        if layout.slotTypes[index] == ObjectIdentifier(Value?.self) {
            return slot(index, of: Value?.self)
        }
        return isAbsent(index) ? nil : try value(type, of: name)
    }

    /// Whether a member was not sent, or as null.
    func isAbsent(_ name: String) -> Bool {
        var turn = 0
        if let index = layout.index(of: name, &turn) { return isAbsent(index) }
        return given?.contains { $0.key == name && !$0.value.isNull } != true
    }

    // The question is this member's.
    private func isAbsent(_ index: Int) -> Bool { unsafe ask(index, layout.members[index].isAbsent) }

    /// Apart, so that the metadata of the types around the value's is not looked up for the rest.
    @inline(never)
    private func unwrapped<Value: Decodable>(_ type: Value.Type, _ index: Int) throws -> Value {
        let name = layout.names[index]
        if layout.slotTypes[index] == ObjectIdentifier(Value?.self) {
            // The slot is filled, and of that type.
            if let value = slot(index, of: Value?.self) { return value }
            throw Refusal(issues: [.missing([.key(name)], input: .object(given ?? []))])
        }
        if layout.slotTypes[index] == ObjectIdentifier(Patch<Value>.self) {
            // The same.
            if case .value(let value) = slot(index, of: Patch<Value>.self) { return value }
            throw Refusal(issues: [.missing([.key(name)], input: .object(given ?? []))])
        }
        return try unlearned(type, name)
    }

    /// The value of a member that was not asked for when the type was learned, or as another type: read from the tree by the schema of
    /// its type, so that a branch that was never met refuses nothing that it would take.
    @inline(never)
    private func unlearned<Value: Decodable>(_ type: Value.Type, _ name: String) throws -> Value {
        guard let given else { throw JSONFallback() }
        guard let input = given.first(where: { $0.key == name })?.value else {
            throw Refusal(issues: [.missing([.key(name)], input: .object(given))])
        }
        var validation = Validation(at: [.key(name)])
        let value = TypeLearner.schema(of: type).flatMap { TypeLearner.value(of: input, $0, &validation) }
        if let value = value as? Value { return value }
        throw Refusal(issues: validation.issues)
    }
}

/// The one slot of a wrapper of one value.
struct SlotValue: SingleValueDecodingContainer {
    let decoder: SlotDecoder

    var codingPath: [any CodingKey] { [] }

    func decodeNil() -> Bool { decoder.isAbsent("") }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try decoder.value(type, of: "") }
}
