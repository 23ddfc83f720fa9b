// The values of this module in types that are `Codable`: as what their schemas read and write.

extension Timestamp: Codable {
    public init(from decoder: any Decoder) throws {
        self = try decoder.singleText("a date and time of RFC 3339") { Timestamp($0) }
    }

    public func encode(to encoder: any Encoder) throws { try encoder.encodeText(description) }
}

extension Day: Codable {
    public init(from decoder: any Decoder) throws {
        self = try decoder.singleText("a date like 2026-11-30") { Day($0) }
    }

    public func encode(to encoder: any Encoder) throws { try encoder.encodeText(description) }
}

extension UniqueID: Codable {
    public init(from decoder: any Decoder) throws {
        self = try decoder.singleText("a UUID") { UniqueID($0) }
    }

    public func encode(to encoder: any Encoder) throws { try encoder.encodeText(description) }
}

/// Within a `Described` type; other decoders cannot tell what was not sent.
extension Patch: Codable where Value: Codable {
    public init(from decoder: any Decoder) throws {
        self = .value(try decoder.singleValueContainer().decode(Value.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .unset: try container.encodeNil()
        case .value(let value): try container.encode(value)
        }
    }
}

extension Decoder {
    fileprivate func singleText<Value>(_ what: String, _ make: (String) -> Value?) throws -> Value {
        let container = try singleValueContainer()
        let text = try container.decode(String.self)
        if let value = make(text) { return value }
        throw DecodingError.dataCorrupted(
            .init(codingPath: codingPath, debugDescription: "Input should be \(what)"))
    }
}

extension Encoder {
    fileprivate func encodeText(_ text: String) throws {
        var container = singleValueContainer()
        try container.encode(text)
    }
}
