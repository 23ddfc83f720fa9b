/// Passes the questions of an initialiser on to the probe. What the protocol has beside these falls back on them.
struct ProbeContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let probe: ProbeDecoder

    var codingPath: [any CodingKey] { [] }

    /// Asked for by enumerations with values in their cases, and by tables with keys of their own.
    var allKeys: [Key] {
        _ = probe.halt("init(from:) asks for all keys, as an enumeration with values does: use TaggedUnion")
        return []
    }

    func contains(_ key: Key) -> Bool { probe.contains(key.stringValue) }
    func decodeNil(forKey key: Key) -> Bool { probe.isNull(key.stringValue) }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try probe.value(type, of: key.stringValue)
    }
    func decodeIfPresent<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value? {
        try probe.optional(type, of: key.stringValue)
    }

    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try any(type, key) }
    func decode(_ type: String.Type, forKey key: Key) throws -> String { try any(type, key) }
    func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try any(type, key) }
    func decode(_ type: Float.Type, forKey key: Key) throws -> Float { try any(type, key) }
    func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try any(type, key) }
    func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try any(type, key) }
    func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try any(type, key) }
    func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try any(type, key) }
    func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try any(type, key) }
    func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try any(type, key) }
    func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try any(type, key) }
    func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try any(type, key) }
    func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try any(type, key) }
    func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try any(type, key) }

    func decode(_ type: Int128.Type, forKey key: Key) throws -> Int128 { try any(type, key) }
    func decode(_ type: UInt128.Type, forKey key: Key) throws -> UInt128 { try any(type, key) }

    func decodeIfPresent(_ type: Int128.Type, forKey key: Key) throws -> Int128? { try perhaps(type, key) }
    func decodeIfPresent(_ type: UInt128.Type, forKey key: Key) throws -> UInt128? { try perhaps(type, key) }
    func decodeIfPresent(_ type: Bool.Type, forKey key: Key) throws -> Bool? { try perhaps(type, key) }
    func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? { try perhaps(type, key) }
    func decodeIfPresent(_ type: Double.Type, forKey key: Key) throws -> Double? { try perhaps(type, key) }
    func decodeIfPresent(_ type: Float.Type, forKey key: Key) throws -> Float? { try perhaps(type, key) }
    func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? { try perhaps(type, key) }
    func decodeIfPresent(_ type: Int8.Type, forKey key: Key) throws -> Int8? { try perhaps(type, key) }
    func decodeIfPresent(_ type: Int16.Type, forKey key: Key) throws -> Int16? { try perhaps(type, key) }
    func decodeIfPresent(_ type: Int32.Type, forKey key: Key) throws -> Int32? { try perhaps(type, key) }
    func decodeIfPresent(_ type: Int64.Type, forKey key: Key) throws -> Int64? { try perhaps(type, key) }
    func decodeIfPresent(_ type: UInt.Type, forKey key: Key) throws -> UInt? { try perhaps(type, key) }
    func decodeIfPresent(_ type: UInt8.Type, forKey key: Key) throws -> UInt8? { try perhaps(type, key) }
    func decodeIfPresent(_ type: UInt16.Type, forKey key: Key) throws -> UInt16? { try perhaps(type, key) }
    func decodeIfPresent(_ type: UInt32.Type, forKey key: Key) throws -> UInt32? { try perhaps(type, key) }
    func decodeIfPresent(_ type: UInt64.Type, forKey key: Key) throws -> UInt64? { try perhaps(type, key) }

    private func any<Value: Decodable>(_ type: Value.Type, _ key: Key) throws -> Value {
        try probe.value(type, of: key.stringValue)
    }

    private func perhaps<Value: Decodable>(_ type: Value.Type, _ key: Key) throws -> Value? {
        try probe.optional(type, of: key.stringValue)
    }

    func nestedContainer<Inner: CodingKey>(
        keyedBy type: Inner.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Inner> {
        throw probe.halt(
            "init(from:) asks for a container inside \(key.stringValue): give it a type of its own")
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        throw probe.halt("init(from:) asks for a list without keys in \(key.stringValue)")
    }

    func superDecoder() throws -> any Decoder { throw probe.halt("init(from:) asks for superDecoder()") }
    func superDecoder(forKey key: Key) throws -> any Decoder {
        throw probe.halt("init(from:) asks for superDecoder(forKey:)")
    }
}
