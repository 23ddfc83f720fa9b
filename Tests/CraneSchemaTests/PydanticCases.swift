import CraneSchema
import Testing

/// Inputs and the responses that FastAPI 0.116 with pydantic 2.14 gave to them, taken down once.
///
/// Each case is two lines: the schema's name and the body; then `=` and the value as JSON, or the list of issues.
@Suite("What pydantic answers")
struct PydanticCases {
    struct Case: CustomTestStringConvertible, Sendable {
        let schema: String
        let body: String
        let expected: Outcome

        var testDescription: String { "\(schema) \(body)" }
    }

    static func cases(_ table: String) -> [Case] {
        let lines = table.split(separator: "\n")
        return stride(from: 0, to: lines.count - 1, by: 2).map { index in
            let head = lines[index].split(separator: " ", maxSplits: 1)
            let answer = lines[index + 1]
            return Case(
                schema: String(head[0]), body: String(head[1]),
                expected: answer.hasPrefix("= ")
                    ? .accepted(String(answer.dropFirst(2))) : .refused(String(answer)))
        }
    }

    static func outcome(_ schema: String, _ body: String) -> Outcome? {
        switch schema {
        case "int": Outcome(Int.schema, body)
        case "intc": Outcome(.int(gt: 0, ge: 5, lt: 100, le: 50, multipleOf: 3), body)
        case "intd": Outcome(.int(gt: 0, lt: 100), body)
        case "float": Outcome(Double.schema, body)
        case "floatc": Outcome(.float(gt: 0, lt: 10, multipleOf: 0.5), body)
        case "floatd": Outcome(.float(ge: 0.5, le: 1e20, multipleOf: 0.1), body)
        case "bool": Outcome(Bool.schema, body)
        case "str": Outcome(String.schema, body)
        case "strc": Outcome(.string(minLength: 2, maxLength: 4, pattern: "^[a-z]+$"), body)
        case "str1": Outcome(.string(minLength: 1, maxLength: 1), body)
        case "day": Outcome(Day.schema, body)
        case "dur": Outcome(Duration.schema, body)
        case "dt": Outcome(Timestamp.schema, body)
        case "uuid": Outcome(UniqueID.schema, body)
        default: container(schema, body)
        }
    }

    static func container(_ schema: String, _ body: String) -> Outcome? {
        switch schema {
        case "opt": Outcome(Int?.schema, body)
        case "list": Outcome([Int].schema, body)
        case "list23": Outcome(.array(.int(), minItems: 2, maxItems: 3), body)
        case "dict": Outcome([String: Int].schema, body)
        case "dict12": Outcome(.dictionary(.int(), minItems: 1, maxItems: 2), body)
        case "color": Outcome(Color.schema, body)
        case "c3": Outcome(Word.schema, body)
        case "lit": Outcome(.literal("a", "b"), body)
        case "pet": Outcome(Pet.schema, body)
        case "cc": Outcome(CommentCreate.schema, body)
        case "set": Outcome(Set<Int>.schema, body)
        case "set23": Outcome(.set(.int(), minItems: 2, maxItems: 3), body)
        case "n": Outcome(Sampler.schema, body)
        default: nil
        }
    }

    static let all = [
        integers, floats, stringsAndBooleans, timesAndUUIDs, days, durations, containers, sets, objects,
    ].flatMap(cases)

    @Test("the same value or the same issues, word for word", arguments: all)
    func sameAnswer(_ example: Case) {
        #expect(Self.outcome(example.schema, example.body) == example.expected)
    }

    @Test("the tables are not cut short")
    func tablesAreWhole() {
        #expect(Self.all.count > 600)
    }
}
