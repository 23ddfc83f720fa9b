import CraneSchema
import Testing

@Suite("A type whose schema cannot be learned for sure")
struct DescribedMistakeTests {
    /// Asks for other members depending on a truth value.
    struct Branching: Described {
        var isLong: Bool
        var length: Int?

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            isLong = try container.decode(Bool.self, forKey: .isLong)
            length = isLong ? try container.decode(Int.self, forKey: .length) : nil
        }
    }

    /// Asks for more only for texts that it knows.
    struct Kinds: Described {
        var kind: String
        var size: Int

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            kind = try container.decode(String.self, forKey: .kind)
            guard kind == "circle" else { throw CancellationError() }
            size = try container.decode(Int.self, forKey: .size)
        }
    }

    /// The same, with a value that it takes.
    struct Exemplified: Described {
        var kind: String
        var size: Int

        init(kind: String, size: Int) {
            (self.kind, self.size) = (kind, size)
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            kind = try container.decode(String.self, forKey: .kind)
            guard kind == "circle" else { throw CancellationError() }
            size = try container.decode(Int.self, forKey: .size)
        }

        static var example: Self? { Self(kind: "circle", size: 1) }
    }

    /// Takes a number or a text.
    struct Either: Described {
        var value: String

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            if let number = try? container.decode(Int.self, forKey: .value) {
                value = "\(number)"
            } else {
                value = try container.decode(String.self, forKey: .value)
            }
        }
    }

    /// Takes nothing for what is wrong.
    struct Lenient: Described {
        var age: Int?

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            age = (try? container.decodeIfPresent(Int.self, forKey: .age)) ?? nil
        }
    }

    enum Payload: Codable, Sendable {
        case circle(radius: Int)
        case point
    }
    struct Shapes: Described { var shape: Payload }

    enum Unlisted: String, Codable, Sendable { case a, b }
    struct HoldsUnlisted: Described { var one: Unlisted }

    struct Tuple: Described {
        init(from decoder: any Decoder) throws { _ = try decoder.unkeyedContainer() }
        func encode(to encoder: any Encoder) throws {}
    }
    struct Table: Described { var table: [Int: String] }
    struct Ranged: Described { var range: Range<Int> }
    struct Wide: Described { var wide: UInt128 }

    struct Nested: Described {
        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: ProbedKeys.self)
            _ = try container.nestedContainer(keyedBy: ProbedKeys.self, forKey: .inner)
        }
        enum ProbedKeys: CodingKey { case inner }
        func encode(to encoder: any Encoder) throws {}
    }

    struct Super: Described {
        init(from decoder: any Decoder) throws {
            _ = try decoder.container(keyedBy: ProbedKeys.self).superDecoder()
        }
        enum ProbedKeys: CodingKey { case inner }
        func encode(to encoder: any Encoder) throws {}
    }

    /// Takes only a text that it is not tried with.
    struct Picky: Codable, Sendable {
        var code: String

        init(from decoder: any Decoder) throws {
            code = try decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .code)
            guard code == "sesame" else { throw CancellationError() }
        }
    }
    struct Hidden: Described { var door: Picky }

    struct WrongRule: Described {
        var title: String
        var length: Int { 3 }
        static let rules = Rules<Self> { $0.length(.int(ge: 1)) }
    }
    struct OtherType: Described {
        var title: String
        var length: Int { title.count }
        static let rules = Rules<Self> { $0.length(.int(ge: 1)) }
    }

    static func mistake<Value: Described>(_ type: Value.Type) -> String? {
        var components = SchemaComponents()
        _ = Value.schema.jsonSchema(&components)
        return components.mistake
    }

    static let all: [(String?, String)] = [
        (mistake(Branching.self), "depending on what it is given"),
        (mistake(Kinds.self), "static var example"),
        (mistake(Exemplified.self), "depending on what it is given"),
        (mistake(Either.self), "catches what is wrong with value"),
        (mistake(Lenient.self), "catches what is wrong with age"),
        (mistake(Shapes.self), "use TaggedUnion"),
        (mistake(HoldsUnlisted.self), "CaseIterable"),
        (mistake(Tuple.self), "a list without keys"),
        (mistake(Table.self), "table"),
        (mistake(Ranged.self), "a list without keys"),
        (mistake(Wide.self), "wide"),
        (mistake(Nested.self), "a container inside inner"),
        (mistake(Super.self), "superDecoder"),
        (mistake(Hidden.self), "static var example"),
        (mistake(WrongRule.self), "reads no member"),
        (mistake(OtherType.self), "is not of String"),
    ]

    @Test("is a mistake that names what it is about, and the cure", arguments: all)
    func mistakes(found: String?, part: String) {
        #expect(found?.contains(part) == true, "\(found ?? "no mistake")")
    }

    /// Takes a text that it is not tried with, and says which.
    struct Known: Described, Equatable {
        var code: String
        var count: Int

        init(code: String, count: Int) {
            (self.code, self.count) = (code, count)
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            code = try container.decode(String.self, forKey: .code)
            count = try container.decode(Int.self, forKey: .count)
            guard code == "sesame" else { throw CancellationError() }
        }

        static var example: Self? { Self(code: "sesame", count: 1) }
        static let rules = Rules<Self> { $0.count(.int(ge: 0)) }
    }

    @Test("is learned with an example that it takes")
    func example() {
        #expect(Self.mistake(Known.self) == nil)
        #expect(
            Outcome(Known.schema, #"{"code":"sesame","count":"2"}"#)
                == .accepted(#"{"code":"sesame","count":2}"#))
        guard case .refused(let issues) = Outcome(Known.schema, #"{"code":"sesame","count":-1}"#) else {
            Issue.record("the rule was not kept")
            return
        }
        #expect(issues.contains("greater_than_equal"))
    }

    /// Asks for another member in a branch that no trial meets.
    struct Rare: Described, Equatable {
        var kind: String
        var size: Int?

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            kind = try container.decode(String.self, forKey: .kind)
            size = kind == "rare" ? try container.decode(Int.self, forKey: .size) : nil
        }
    }

    @Test("takes what a branch asks for that was never met, and refuses what that refuses")
    func neverMet() {
        #expect(Self.mistake(Rare.self) == nil)
        #expect(
            Outcome(Rare.schema, #"{"kind":"rare","size":"3"}"#) == .accepted(#"{"kind":"rare","size":3}"#))
        #expect(
            Outcome(Rare.schema, #"{"kind":"rare","size":"x"}"#)
                == .refused(
                    #"[{"type":"int_parsing","loc":["body","size"],"msg":"Input should be a valid integer, unable to parse string as an integer","input":"x"}]"#
                ))
        guard case .refused(let issues) = Outcome(Rare.schema, #"{"kind":"rare"}"#) else {
            Issue.record("not refused")
            return
        }
        #expect(issues.contains(#""type":"missing","loc":["body","size"]"#))
    }
}
