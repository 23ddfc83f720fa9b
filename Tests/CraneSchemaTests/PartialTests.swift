import CraneSchema
import Testing

@Suite("Changes of a value")
struct PartialTests {
    struct Talk: SchemaRepresentable, Equatable {
        var title: String
        var note: String?
        var tags: [String]
        var cat: Cat?

        static let schema = Object(Talk.init) {
            Field("title", \.title, .string(minLength: 1))
            Field("note", \.note, default: nil)
            Field("tags", \.tags, default: ["swift"])
            Field("cat", \.cat, default: nil)
        }

        static func == (left: Talk, right: Talk) -> Bool {
            left.title == right.title && left.note == right.note && left.tags == right.tags
        }
    }

    struct TalkPatch: SchemaRepresentable, Equatable {
        var title: Patch<String>
        var note: Patch<String?>

        static let schema = Object(TalkPatch.init) {
            Field("title", \.title, .patch(.string(minLength: 1)))
            Field("note", \.note)
        }
    }

    static let talk = Talk(title: "Swift", note: "Room 1", tags: ["a"], cat: nil)

    func decode<Content: Schema>(_ schema: Content, _ json: String) throws -> Content.Value {
        try schema.decode(Array(json.utf8))
    }

    @Test("take what was sent and leave the rest, without the defaults of what was not")
    func partial() throws {
        let change = try decode(Talk.schema.partial(), #"{"note": null, "other": 1, "title": "Crane"}"#)
        #expect(change.names == ["title", "note"])
        #expect(
            change.applied(to: Self.talk) == Talk(title: "Crane", note: nil, tags: ["a"], cat: nil))
        // The change is whole after it was used.
        #expect(change.applied(to: Self.talk).title == "Crane")
        let nothing = try decode(Talk.schema.partial(), "{}")
        #expect(nothing.names.isEmpty)
        #expect(nothing.applied(to: Self.talk) == Self.talk)
    }

    @Test("are refused with every issue, where they are")
    func refused() {
        #expect(
            Outcome(Talk.schema.partial(), #"{"title": "", "tags": [1], "cat": {"kind": "cat", "lives": 0}}"#)
                == .refused(
                    #"[{"type":"string_too_short","loc":["body","title"],"msg":"String should have at least 1 character","#
                        + #""input":"","ctx":{"min_length":1}},{"type":"string_type","loc":["body","tags",0],"#
                        + #""msg":"Input should be a valid string","input":1},{"type":"greater_than","#
                        + #""loc":["body","cat","lives"],"msg":"Input should be greater than 0","input":0,"ctx":{"gt":0}}]"#
                ))
        #expect(
            Outcome(Talk.schema.partial(), "[]")
                == .refused(
                    #"[{"type":"model_attributes_type","loc":["body"],"#
                        + #""msg":"Input should be a valid dictionary or object to extract fields from","input":[]}]"#
                ))
        // A member that is no optional takes no null.
        guard case .refused = Outcome(Talk.schema.partial(), #"{"title": null}"#) else {
            Issue.record("a title of null was taken")
            return
        }
    }

    @Test("are written as what was sent")
    func written() throws {
        #expect(
            Outcome(Talk.schema.partial(), #"{"tags": ["b"], "title": "x"}"#)
                == .accepted(#"{"title":"x","tags":["b"]}"#))
        #expect(Outcome(Talk.schema.partial(), "{}") == .accepted("{}"))
    }

    @Test("have a schema of which nothing is required, without defaults")
    func jsonSchema() {
        var components = SchemaComponents()
        let reference = Talk.schema.partial().jsonSchema(&components)
        #expect(reference.json == ##"{"$ref":"#/components/schemas/Partial_Talk_"}"##)
        let schema = components.schemas["Partial_Talk_"]
        #expect(schema?["required"] == nil)
        #expect(
            schema?["properties"]?["tags"]?.json
                == #"{"type":"array","items":{"type":"string"},"title":"Tags"}"#)
        var named = SchemaComponents()
        _ = Talk.schema.partial(name: "TalkUpdate", description: "A change").jsonSchema(&named)
        #expect(named.schemas["TalkUpdate"]?["description"]?.json == #""A change""#)
    }

    @Test("of a patch tell what was not sent from null")
    func patch() throws {
        #expect(try decode(TalkPatch.schema, "{}") == TalkPatch(title: .unset, note: .unset))
        #expect(try decode(TalkPatch.schema, #"{"note":null}"#) == TalkPatch(title: .unset, note: .null))
        let full = try decode(TalkPatch.schema, #"{"note":"x","title":"y"}"#)
        #expect(full == TalkPatch(title: .value("y"), note: .value("x")))
        #expect(full.note.applied(to: nil) == "x")
        #expect(Patch<String?>.unset.applied(to: "old") == "old")
        #expect(Patch<String?>.null.applied(to: "old") == nil)
        guard case .refused = Outcome(TalkPatch.schema, #"{"title": null}"#) else {
            Issue.record("a title of null was taken")
            return
        }
    }

    @Test("of a patch leave out what is unset when they are written")
    func patchWritten() {
        #expect(Outcome(TalkPatch.schema, "{}") == .accepted("{}"))
        #expect(Outcome(TalkPatch.schema, #"{"note":null}"#) == .accepted(#"{"note":null}"#))
        #expect(
            Outcome(TalkPatch.schema, #"{"title":"a","note":"b"}"#) == .accepted(#"{"title":"a","note":"b"}"#)
        )
        var components = SchemaComponents()
        _ = TalkPatch.schema.jsonSchema(&components)
        #expect(components.schemas["TalkPatch"]?["required"] == nil)
        #expect(
            components.schemas["TalkPatch"]?["properties"]?["title"]?.json
                == #"{"type":"string","minLength":1,"title":"Title"}"#)
        #expect(
            components.schemas["TalkPatch"]?["properties"]?["note"]?.json
                == #"{"anyOf":[{"type":"string"},{"type":"null"}],"title":"Note"}"#)
    }
}
