import CraneSchema
import Testing

@Suite("Fields")
struct FieldTests {
    struct Person: SchemaRepresentable {
        var userID: Int
        var homePage: String

        static let schema = Object(Person.init, name: "Person", names: .camelCase) {
            Field("user_id", \.userID, .int(ge: 1), example: 7)
            Field("home_page", \.homePage, default: "/", description: "Where", example: "/~ada")
        }
        static let snake = Object(Person.init, names: .snakeCase) {
            Field("userID", \.userID, .int(ge: 1))
            Field("homePage", \.homePage, default: "/")
        }
    }

    @Test(
        "are called in one style, as pydantic's generators make the names",
        arguments: [
            ("user_ip", "userIp", "user_ip"), ("userIP", "userIP", "user_ip"), ("id", "id", "id"),
            ("user_id2", "userId2", "user_id_2"), ("user2id", "user2id", "user_2id"),
            ("userIPs", "userIPs", "user_i_ps"), ("comment_TEXT", "commentText", "comment_text"),
            ("_private", "_private", "_private"), ("trailing_", "trailing_", "trailing_"),
            ("address1Line", "address1Line", "address_1_line"), ("a_b_c", "aBC", "a_b_c"),
            ("kebab-case", "kebab-case", "kebab_case"), ("x1Y2", "x1Y2", "x_1_y2"),
            ("Title", "title", "title"), ("URLPath", "urlPath", "url_path"), ("ABC", "abc", "abc"),
        ])
    func names(written: String, camel: String, snake: String) {
        #expect(NameStyle.camelCase.name(written) == camel)
        #expect(NameStyle.snakeCase.name(written) == snake)
        #expect(NameStyle.asWritten.name(written) == written)
    }

    @Test("of a style are read, refused, written and described under their names")
    func styled() {
        #expect(
            Outcome(Person.schema, #"{"userId":1,"homePage":"/x"}"#)
                == .accepted(#"{"userId":1,"homePage":"/x"}"#))
        #expect(Outcome(Person.snake, #"{"user_id":"1"}"#) == .accepted(#"{"user_id":1,"home_page":"/"}"#))
        guard case .refused(let issues) = Outcome(Person.schema, #"{"user_id":1}"#) else {
            Issue.record("the name of the field was taken")
            return
        }
        #expect(issues.contains(#""type":"missing","loc":["body","userId"]"#))
        var components = SchemaComponents()
        _ = Person.schema.jsonSchema(&components)
        #expect(components.schemas["Person"]?["required"]?.json == #"["userId"]"#)
        #expect(Person.schema.columns.map(\.name) == ["userId", "homePage"])
    }

    @Test("show their examples in JSON Schema")
    func examples() {
        var components = SchemaComponents()
        _ = Person.schema.jsonSchema(&components)
        #expect(
            components.schemas["Person"]?["properties"]?["userId"]?.json
                == #"{"type":"integer","format":"int64","minimum":1,"examples":[7],"title":"Userid"}"#)
        #expect(
            components.schemas["Person"]?["properties"]?["homePage"]?.json
                == #"{"type":"string","examples":["/~ada"],"title":"Homepage","description":"Where","default":"/"}"#
        )
    }
}
