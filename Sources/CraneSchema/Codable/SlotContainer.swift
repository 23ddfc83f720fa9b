/// Hands out the slots of a decoder by their keys.
struct SlotContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let decoder: SlotDecoder

    var codingPath: [any CodingKey] { [] }
    var allKeys: [Key] {
        decoder.layout.names.filter { !decoder.isAbsent($0) }.compactMap { Key(stringValue: $0) }
    }

    func contains(_ key: Key) -> Bool { !decoder.isAbsent(key.stringValue) }
    func decodeNil(forKey key: Key) -> Bool { decoder.isAbsent(key.stringValue) }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value { try take(type, key) }
    func decodeIfPresent<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value? {
        try takeIfPresent(type, key)
    }

    @inline(__always)
    private func take<Value: Decodable>(_ type: Value.Type, _ key: Key) throws -> Value {
        try decoder.value(type, of: key.stringValue)
    }

    @inline(__always)
    private func takeIfPresent<Value: Decodable>(_ type: Value.Type, _ key: Key) throws -> Value? {
        try decoder.optional(type, of: key.stringValue)
    }

    // The protocol asks for each of these, and the compiler calls them for the types of the standard library.
    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try take(type, key) }
    func decode(_ type: String.Type, forKey key: Key) throws -> String { try take(type, key) }
    func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try take(type, key) }
    func decode(_ type: Float.Type, forKey key: Key) throws -> Float { try take(type, key) }
    func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try take(type, key) }
    func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try take(type, key) }
    func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try take(type, key) }
    func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try take(type, key) }
    func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try take(type, key) }
    func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try take(type, key) }
    func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try take(type, key) }
    func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try take(type, key) }
    func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try take(type, key) }
    func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try take(type, key) }

    func decodeIfPresent(_ type: Bool.Type, forKey key: Key) throws -> Bool? { try takeIfPresent(type, key) }
    func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? {
        try takeIfPresent(type, key)
    }
    func decodeIfPresent(_ type: Double.Type, forKey key: Key) throws -> Double? {
        try takeIfPresent(type, key)
    }
    func decodeIfPresent(_ type: Float.Type, forKey key: Key) throws -> Float? {
        try takeIfPresent(type, key)
    }
    func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? { try takeIfPresent(type, key) }
    func decodeIfPresent(_ type: Int8.Type, forKey key: Key) throws -> Int8? { try takeIfPresent(type, key) }
    func decodeIfPresent(_ type: Int16.Type, forKey key: Key) throws -> Int16? {
        try takeIfPresent(type, key)
    }
    func decodeIfPresent(_ type: Int32.Type, forKey key: Key) throws -> Int32? {
        try takeIfPresent(type, key)
    }
    func decodeIfPresent(_ type: Int64.Type, forKey key: Key) throws -> Int64? {
        try takeIfPresent(type, key)
    }
    func decodeIfPresent(_ type: UInt.Type, forKey key: Key) throws -> UInt? { try takeIfPresent(type, key) }
    func decodeIfPresent(_ type: UInt8.Type, forKey key: Key) throws -> UInt8? {
        try takeIfPresent(type, key)
    }
    func decodeIfPresent(_ type: UInt16.Type, forKey key: Key) throws -> UInt16? {
        try takeIfPresent(type, key)
    }
    func decodeIfPresent(_ type: UInt32.Type, forKey key: Key) throws -> UInt32? {
        try takeIfPresent(type, key)
    }
    func decodeIfPresent(_ type: UInt64.Type, forKey key: Key) throws -> UInt64? {
        try takeIfPresent(type, key)
    }

    // No type that was learned asks for these.
    func nestedContainer<Inner: CodingKey>(
        keyedBy type: Inner.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Inner> {
        throw unlearned(key)
    }
    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        throw unlearned(key)
    }
    func superDecoder() throws -> any Decoder { throw DecodingError.dataCorrupted(unlearnedContext("super")) }
    func superDecoder(forKey key: Key) throws -> any Decoder { throw unlearned(key) }

    private func unlearned(_ key: Key) -> DecodingError { .dataCorrupted(unlearnedContext(key.stringValue)) }

    private func unlearnedContext(_ name: String) -> DecodingError.Context {
        .init(codingPath: [], debugDescription: "\(name) cannot be read as a container of its own")
    }
}
