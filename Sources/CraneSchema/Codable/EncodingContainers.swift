/// Appends members by their keys.
struct MemberContainer<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let encoder: ValueEncoder

    var codingPath: [any CodingKey] { encoder.codingPath }

    func encodeNil(forKey key: Key) throws { try encoder.null(key.stringValue) }

    func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws { try encoder.member(value, key) }

    func encode(_ value: String, forKey key: Key) throws {
        try encoder.plain(value, key.stringValue) { $1.string($0) }
    }
    func encode(_ value: Int, forKey key: Key) throws {
        try encoder.plain(value, key.stringValue) { $1.integer($0) }
    }
    func encode(_ value: Bool, forKey key: Key) throws {
        try encoder.plain(value, key.stringValue) { $1.bool($0) }
    }
    func encode(_ value: Double, forKey key: Key) throws {
        try encoder.plain(value, key.stringValue) { $1.double($0) }
    }

    // Members that are nil are written as null, as pydantic does it.
    func encodeIfPresent<Value: Encodable>(_ value: Value?, forKey key: Key) throws {
        try perhaps(value, key)
    }
    func encodeIfPresent(_ value: String?, forKey key: Key) throws { try perhaps(value, key) }
    func encodeIfPresent(_ value: Bool?, forKey key: Key) throws { try perhaps(value, key) }
    func encodeIfPresent(_ value: Double?, forKey key: Key) throws { try perhaps(value, key) }
    func encodeIfPresent(_ value: Float?, forKey key: Key) throws { try perhaps(value, key) }
    func encodeIfPresent(_ value: Int?, forKey key: Key) throws { try perhaps(value, key) }
    func encodeIfPresent(_ value: Int8?, forKey key: Key) throws { try perhaps(value, key) }
    func encodeIfPresent(_ value: Int16?, forKey key: Key) throws { try perhaps(value, key) }
    func encodeIfPresent(_ value: Int32?, forKey key: Key) throws { try perhaps(value, key) }
    func encodeIfPresent(_ value: Int64?, forKey key: Key) throws { try perhaps(value, key) }
    func encodeIfPresent(_ value: UInt?, forKey key: Key) throws { try perhaps(value, key) }
    func encodeIfPresent(_ value: UInt8?, forKey key: Key) throws { try perhaps(value, key) }
    func encodeIfPresent(_ value: UInt16?, forKey key: Key) throws { try perhaps(value, key) }
    func encodeIfPresent(_ value: UInt32?, forKey key: Key) throws { try perhaps(value, key) }
    func encodeIfPresent(_ value: UInt64?, forKey key: Key) throws { try perhaps(value, key) }

    @inline(__always)
    private func perhaps<Value: Encodable>(_ value: Value?, _ key: Key) throws {
        if let value { try encoder.member(value, key) } else { try encoder.null(key.stringValue) }
    }

    func nestedContainer<Inner: CodingKey>(
        keyedBy type: Inner.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Inner> {
        encoder.inside(key).container(keyedBy: type)
    }
    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        encoder.inside(key).unkeyedContainer()
    }
    func superEncoder() -> any Encoder { encoder.inside(ProbeKey(stringValue: "super")) }
    func superEncoder(forKey key: Key) -> any Encoder { encoder.inside(key) }
}

/// Appends elements of a list.
struct ElementContainer: UnkeyedEncodingContainer {
    let encoder: ValueEncoder
    private(set) var count = 0

    var codingPath: [any CodingKey] { encoder.codingPath }

    init(encoder: ValueEncoder) {
        self.encoder = encoder
    }

    mutating func encodeNil() throws {
        try encoder.nullElement()
        count += 1
    }

    mutating func encode<Value: Encodable>(_ value: Value) throws {
        try encoder.element(value)
        count += 1
    }

    mutating func nestedContainer<Inner: CodingKey>(keyedBy type: Inner.Type) -> KeyedEncodingContainer<Inner>
    {
        count += 1
        return encoder.inside(nil).container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        count += 1
        return encoder.inside(nil).unkeyedContainer()
    }

    mutating func superEncoder() -> any Encoder {
        count += 1
        return encoder.inside(nil)
    }
}

/// Writes one value in the place of an object.
struct WrappedContainer: SingleValueEncodingContainer {
    let encoder: ValueEncoder

    var codingPath: [any CodingKey] { encoder.codingPath }

    func encodeNil() throws { try encoder.wholeNull() }

    func encode<Value: Encodable>(_ value: Value) throws { try encoder.whole(value) }
}
