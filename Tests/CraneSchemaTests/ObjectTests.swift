import CraneSchema
import TestSupport
import Testing

@Suite("Objects")
struct ObjectTests {
    /// Fields of sizes and alignments that do not fit each other without padding.
    struct Mixed: SchemaRepresentable {
        var flag: Bool
        var number: Int
        var small: UInt8
        var text: String
        var half: Int16
        var maybe: Bool?
        var list: [String]

        static let schema = Object(Mixed.init) {
            Field("flag", \.flag)
            Field("number", \.number)
            Field("small", \.small)
            Field("text", \.text)
            Field("half", \.half)
            Field("maybe", \.maybe, default: nil)
            Field("list", \.list, default: ["a", "long enough to live on the heap"])
        }
    }

    static let members = [
        #""flag":true"#, #""number":-5"#, #""small":7"#, #""text":"a text that lives on the heap""#,
        #""half":-300"#, #""maybe":false"#, #""list":["x"]"#,
    ]

    @Test("are read whatever the order of their members", arguments: 0..<40)
    func anyOrder(_ seed: UInt64) {
        var random = SplitMix(seed: seed)
        let body = "{" + Self.members.shuffled(using: &random).joined(separator: ", ") + "}"
        #expect(Outcome(Mixed.schema, body) == .accepted("{" + Self.members.joined(separator: ",") + "}"))
    }

    @Test("fall back on defaults for members that were not sent")
    func defaults() {
        let body = "{" + Self.members.prefix(5).joined(separator: ",") + "}"
        let rest = #","maybe":null,"list":["a","long enough to live on the heap"]}"#
        #expect(Outcome(Mixed.schema, body) == .accepted(body.dropLast() + rest))
    }

    @Test("take the last of two equal keys, wherever they stand")
    func duplicates() {
        let once = "{" + Self.members.joined(separator: ",") + "}"
        #expect(
            Outcome(Mixed.schema, #"{"number":"x","number":[],"# + once.dropFirst()) == .accepted(once))
        #expect(Outcome(Mixed.schema, once.dropLast() + #","flag":true}"#) == .accepted(once))
        #expect(Outcome(Mixed.schema, #"{"list":[1],"# + once.dropFirst()) == .accepted(once))
    }

    private static func issue(_ name: String, _ input: String) -> String {
        #"{"type":"extra_forbidden","loc":["body","\#(name)"],"msg":"Extra inputs are not permitted","input":\#(input)}"#
    }

    @Test("refuse members that no field has where they are forbidden, as pydantic does")
    func extra() {
        struct Strict: SchemaRepresentable {
            var id: Int
            var note: String
            static let schema = Object(Strict.init, extra: .forbid) {
                Field("id", \.id)
                Field("note", \.note, default: "")
            }
        }
        #expect(Outcome(Strict.schema, #"{"note":"a","id":1}"#) == .accepted(#"{"id":1,"note":"a"}"#))
        #expect(
            Outcome(Strict.schema, #"{"id":1,"b":[1],"note":"a","a":1,"b":2}"#)
                == .refused("[\(Self.issue("b", "2")),\(Self.issue("a", "1"))]"))
        #expect(
            Outcome(Strict.schema, #"{"id":"x","\u0061":{}}"#)
                == .refused(
                    #"[{"type":"int_parsing","loc":["body","id"],"msg":"Input should be a valid integer, unable to parse string as an integer","input":"x"},"#
                        + "\(Self.issue("a", "{}"))]"))
        #expect(Outcome(Strict.schema.partial(), #"{"x":1}"#) == .refused("[\(Self.issue("x", "1"))]"))
        var components = SchemaComponents()
        _ = Strict.schema.jsonSchema(&components)
        #expect(components.schemas["Strict"]?["additionalProperties"] == false)
    }

    @Test("compare keys by their code points")
    func keys() {
        struct Accent: SchemaRepresentable {
            var value: Int

            static let schema = Object(Accent.init) { Field("\u{E9}", \.value) }
        }
        #expect(Outcome(Accent.schema, "{\"\u{E9}\":1,\"e\u{301}\":2}") == .accepted("{\"\u{E9}\":1}"))
        #expect(Outcome(Accent.schema, "{\"e\u{301}\":2,\"\\u00e9\":1}") == .accepted("{\"\u{E9}\":1}"))
    }

    @Test("may have no fields at all")
    func noFields() {
        struct Nothing: SchemaRepresentable {
            static let schema = Object(Nothing.init) {}
        }
        #expect(Outcome(Nothing.schema, "{}") == .accepted("{}"))
        #expect(Outcome(Nothing.schema, #"{"a":[1]}"#) == .accepted("{}"))
    }

    @Test("are tagged by the union where no field of theirs is the tag")
    func tags() {
        #expect(text(Pet.schema.encode(.cat(Cat(kind: "cat", lives: 7)))) == #"{"kind":"cat","lives":7}"#)
        #expect(text(Pet.schema.encode(.dog(Dog(name: "Rex")))) == #"{"kind":"dog","name":"Rex"}"#)
    }

    @Test("as bodies are missing where nothing or null was sent", arguments: ["", "null", " null "])
    func missingBody(_ body: String) {
        let expected = #"[{"type":"missing","loc":["body"],"msg":"Field required","input":null}]"#
        do throws(DecodingFailure) {
            _ = try Dog.schema.decodeBody(Array(body.utf8))
            Issue.record("accepted")
        } catch {
            guard case .invalid(let error) = error else {
                Issue.record("unreadable")
                return
            }
            #expect(Outcome.issues(error) == expected)
        }
    }
}
