import CraneSchema
import Testing

@Suite("What a learned type writes")
struct CodableEncodingTests {
    /// Throws while it is written.
    struct Broken: Codable, Sendable {
        var text: String

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(text, forKey: .text)
            throw EncodingError.invalidValue(
                text,
                .init(codingPath: container.codingPath + [CodingKeys.text], debugDescription: "not today"))
        }
    }

    struct Holder: Described {
        var name: String
        var parts: [Broken]
    }

    @Test("tells where it could not be written, and stays JSON")
    func failure() throws {
        let value = try Holder.schema.decode(Array(#"{"name":"a","parts":[{"text":"b"}]}"#.utf8))
        var writer = JSONWriter()
        Holder.schema.write(value, to: &writer)
        #expect(writer.text == #"{"name":"a","parts":[null]}"#)
        let failure = writer.failure

        #expect(failure?.path == ["parts", "text"])
        #expect(failure?.description == "parts.text: not today (b)")
        #expect(throws: EncodingFailure.self) {
            try JSONWriter.bytes {
                Holder.schema.write(value, to: &$0)
                try $0.check()
            }
        }
    }

    /// Keeps the encoder and its container.
    final class Kept: Described, @unchecked Sendable {
        let text: String
        var encoder: (any Encoder)?
        var container: KeyedEncodingContainer<CodingKeys>?

        enum CodingKeys: CodingKey { case text }

        init(from decoder: any Decoder) throws {
            text = try decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .text)
        }

        func encode(to encoder: any Encoder) throws {
            self.encoder = encoder
            container = encoder.container(keyedBy: CodingKeys.self)
            try container?.encode(text, forKey: .text)
        }
    }

    @Test("is not changed by an encoder that was kept")
    func escaped() throws {
        let value = try Kept.schema.decode(Array(#"{"text":"a"}"#.utf8))
        var writer = JSONWriter()
        Kept.schema.write(value, to: &writer)
        #expect(throws: EncodingError.self) { try value.container?.encode("b", forKey: .text) }
        var single = value.encoder?.singleValueContainer()
        #expect(throws: EncodingError.self) { try single?.encode("c") }
        #expect(writer.text == #"{"text":"a"}"#)
        let failure = writer.failure
        #expect(failure == nil)
    }

    /// Fills two nested containers by turns.
    struct Mixed: Codable, Sendable {
        enum CodingKeys: CodingKey { case left, right, a }
        init() {}
        init(from decoder: any Decoder) throws {}

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            var left = container.nestedContainer(keyedBy: CodingKeys.self, forKey: .left)
            try left.encode(1, forKey: .a)
            var right = container.nestedUnkeyedContainer(forKey: .right)
            try right.encode(2)
            try right.encodeNil()
            if isMixed { try left.encode(3, forKey: .a) }
        }
        var isMixed = false
    }

    @Test("may have containers inside, filled one after the other")
    func nested() {
        var writer = JSONWriter()
        CodableSchema<Mixed>().write(Mixed(), to: &writer)
        #expect(writer.text == #"{"left":{"a":1},"right":[2,null]}"#)
        var mixed = JSONWriter()
        var value = Mixed()
        value.isMixed = true
        CodableSchema<Mixed>().write(value, to: &mixed)
        #expect(mixed.text == "null")
        let failure = mixed.failure
        #expect(failure != nil)
    }

    struct Optionals: Described {
        var a: Float?
        var b: Int8?
        var c: UInt64?
        var d: Tint?
        var e: [Int]?
    }

    @Test("has null for every kind of optional")
    func optionals() {
        #expect(
            Outcome(Optionals.schema, "{}") == .accepted(#"{"a":null,"b":null,"c":null,"d":null,"e":null}"#))
        let all = #"{"a":1.5,"b":-1,"c":184467440737095516,"d":"red","e":[1]}"#
        #expect(Outcome(Optionals.schema, all) == .accepted(all))
    }
}
