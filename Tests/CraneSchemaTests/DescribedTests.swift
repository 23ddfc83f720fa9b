import CraneSchema
import Testing

@Suite("A type whose schema is learned")
struct DescribedTests {
    static let body = #"""
        {"id":"12345678-1234-5678-1234-567812345678","title":"A","comment_text":null,"tags":["a"],"author":{"name":"Ada","age":36},"others":[],"counts":{"x":1},"tint":"GREEN","level":2,"created_at":"2026-01-02T03:04:05.000000Z","day":"2026-11-30","stay":"PT1H","is_public":true,"score":0.5,"ratio":0.1,"small":null,"keys":[1,2],"slug":"a@b","holes":[1,null],"cat":{"lives":9},"note":null,"any":{"b":[1],"a":null}}
        """#

    @Test("reads and writes every kind of member")
    func roundTrip() {
        #expect(Outcome(Sheet.schema, Self.body) == .accepted(Self.body))
        // By the tree, which a text for a number needs.
        let lax = Self.body.replacing(#""level":2"#, with: #""level":2.0"#).replacing("0.5", with: #""0.5""#)
        #expect(Outcome(Sheet.schema, lax) == .accepted(Self.body))
        let unset = Self.body.replacing(#","note":null"#, with: "")
        #expect(Outcome(Sheet.schema, unset) == .accepted(unset))
    }

    @Test("lists every issue in the order of the members, in pydantic's words")
    func issues() {
        let wrong = #"""
            {"id":"x","title":"","comment_text":"too long","tags":["abcd",1],"author":{"age":"y"},"others":[{"name":"A","age":1},{"name":2,"age":null}],"counts":{"x":"n"},"tint":"blue","level":3,"created_at":"soon","day":1,"stay":"x","score":-1,"ratio":"r","small":300,"keys":["k"],"slug":"x","holes":["h"],"cat":{"lives":10},"note":5}
            """#
        guard case .refused(let issues) = Outcome(Sheet.schema, wrong),
            case .array(let list) = try? JSONValue.parse(Array(issues.utf8))
        else {
            Issue.record("not refused")
            return
        }
        let told = list.map { "\($0["loc"]?.json ?? "") \($0["type"]?.json ?? "")" }
        #expect(
            told == [
                #"["body","id"] "uuid_parsing""#, #"["body","title"] "string_too_short""#,
                #"["body","comment_text"] "string_too_long""#, #"["body","tags",0] "string_too_long""#,
                #"["body","tags",1] "string_type""#, #"["body","author","name"] "missing""#,
                #"["body","author","age"] "int_parsing""#, #"["body","others",1,"name"] "string_type""#,
                #"["body","others",1,"age"] "int_type""#, #"["body","counts","x"] "int_parsing""#,
                #"["body","tint"] "enum""#, #"["body","level"] "enum""#,
                #"["body","created_at"] "datetime_from_date_parsing""#,
                #"["body","day"] "date_from_datetime_inexact""#, #"["body","stay"] "time_delta_parsing""#,
                #"["body","is_public"] "missing""#, #"["body","score"] "greater_than_equal""#,
                #"["body","ratio"] "float_parsing""#, #"["body","small"] "less_than_equal""#,
                #"["body","keys",0] "int_parsing""#, #"["body","slug"] "value_error""#,
                #"["body","holes",0] "int_parsing""#, #"["body","cat","lives"] "less_than_equal""#,
                #"["body","note"] "string_type""#,
            ])
        #expect(issues.contains(#""msg":"Input should be 'red' or 'GREEN'""#))
        #expect(issues.contains(#""msg":"Input should be 1 or 2""#))
        #expect(
            issues.contains(
                #""msg":"Value error, a slug has an @","input":"x","ctx":{"error":"a slug has an @"}"#))
    }

    @Test("has the JSON Schema of what was learned and of its rules")
    func jsonSchema() {
        var components = SchemaComponents()
        let reference = Sheet.schema.jsonSchema(&components)
        #expect(components.mistake == nil)
        #expect(reference.json == ##"{"$ref":"#/components/schemas/SheetModel"}"##)
        let schema = components.schemas["SheetModel"]
        #expect(schema?["description"]?.json == #""A sheet""#)
        #expect(
            schema?["required"]?.json
                == #"["id","title","tags","author","others","counts","tint","level","created_at","stay","is_public","score","ratio","keys","slug","holes"]"#
        )
        func property(_ name: String) -> String? { schema?["properties"]?[name]?.json }
        #expect(
            property("title")
                == #"{"type":"string","maxLength":40,"minLength":1,"title":"Title","description":"What it is called"}"#
        )
        #expect(
            property("comment_text")
                == #"{"anyOf":[{"type":"string","maxLength":5},{"type":"null"}],"title":"Comment Text"}"#)
        #expect(property("is_public") == #"{"type":"boolean","title":"Public?"}"#)
        #expect(property("author") == ##"{"$ref":"#/components/schemas/Writer"}"##)
        #expect(property("tint") == ##"{"$ref":"#/components/schemas/Tint"}"##)
        #expect(property("slug") == #"{"type":"string","title":"Slug"}"#)
        #expect(components.schemas["Level"]?.json == #"{"type":"integer","enum":[1,2],"title":"Level"}"#)
        #expect(components.schemas["Tint"]?["enum"]?.json == #"["red","GREEN"]"#)
    }

    @Test("has the defaults of its initialiser, and takes null where that does")
    func defaults() {
        #expect(
            Outcome(Page<Writer>.schema, #"{"items":[]}"#)
                == .accepted(#"{"items":[],"limit":20,"order":"new"}"#))
        #expect(
            Outcome(Page<Writer>.schema, #"{"items":[],"limit":null,"order":"old"}"#)
                == .accepted(#"{"items":[],"limit":20,"order":"old"}"#))
        // `contains` says that null is there, so that it has to be a text.
        guard case .refused(let issues) = Outcome(Page<Writer>.schema, #"{"items":[],"order":null}"#) else {
            Issue.record("a null was taken")
            return
        }
        #expect(issues.contains("string_type"))
        var components = SchemaComponents()
        _ = Page<Writer>.schema.jsonSchema(&components)
        let schema = components.schemas["Page_Writer_"]
        #expect(
            schema?["properties"]?["limit"]?.json
                == #"{"anyOf":[{"type":"integer","format":"int64"},{"type":"null"}],"title":"Limit","default":20}"#
        )
        #expect(
            schema?["properties"]?["order"]?.json == #"{"type":"string","title":"Order","default":"new"}"#)
        #expect(schema?["required"]?.json == #"["items"]"#)
        #expect(Outcome(Counter.schema, "{}") == .accepted(#"{"count":0}"#))
    }

    @Test("may contain itself")
    func recursion() {
        let tree = #"{"name":"a","branches":[{"name":"b","branches":[]}]}"#
        #expect(Outcome(Branch.schema, tree) == .accepted(tree))
        var components = SchemaComponents()
        _ = Branch.schema.jsonSchema(&components)
        #expect(components.mistake == nil)
        #expect(
            components.schemas["Branch"]?["properties"]?["branches"]?["items"]?.json
                == ##"{"$ref":"#/components/schemas/Branch"}"##)
        guard
            case .refused(let issues) = Outcome(Branch.schema, #"{"name":"a","branches":[{"branches":[]}]}"#)
        else {
            Issue.record("not refused")
            return
        }
        #expect(issues.contains(#"["body","branches",0,"name"]"#))
    }

    @Test("refuses by its initialiser after all members have passed")
    func comparing() {
        #expect(Outcome(Span2.schema, #"{"low":1,"high":2}"#) == .accepted(#"{"low":1,"high":2}"#))
        #expect(
            Outcome(Span2.schema, #"{"low":2,"high":1}"#)
                == .refused(
                    #"[{"type":"value_error","loc":["body"],"msg":"Value error, low must be below high","#
                        + #""input":{"low":2,"high":1},"ctx":{"error":"low must be below high"}}]"#))
    }

    @Test("may be a class with another above it")
    func classes() {
        #expect(Outcome(Bird.schema, #"{"wings":2,"legs":2}"#) == .accepted(#"{"wings":2,"legs":2}"#))
    }

    @Test("may be somebody else's, by CodableSchema")
    func foreign() {
        let json = #"{"name":"Ada","age":36}"#
        #expect(Outcome(CodableSchema<Writer>(), json) == .accepted(json))
        #expect(Outcome(CodableSchema<Key>(), "7") == .accepted("7"))
        #expect(Outcome(CodableSchema<Tint>(), #""red""#) == .accepted(#""red""#))
    }

    @Test("is learned the same by many threads at once")
    func concurrency() async {
        struct Fresh: Described {
            var branch: Branch
            var pages: [Page<Writer>]
            static let rules = Rules<Self> { $0.branch(description: "One") }
        }
        await withTaskGroup(of: Outcome.self) { group in
            for _ in 0..<16 {
                group.addTask {
                    Outcome(Fresh.schema, #"{"branch":{"name":"a","branches":[]},"pages":[{"items":[]}]}"#)
                }
            }
            for await outcome in group {
                #expect(
                    outcome
                        == .accepted(
                            #"{"branch":{"name":"a","branches":[]},"pages":[{"items":[],"limit":20,"order":"new"}]}"#
                        ))
            }
        }
    }
}
