import Testing

@testable import LiveTalk

@Suite("The bodies of comments")
struct CommentBodyTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let body: String
        let status: Int
        /// The whole response; for 200 the part after the id and before the times.
        let answer: String
        var testDescription: String { body }

        init(_ body: String, _ status: Int, _ answer: String) {
            self.body = body
            self.status = status
            self.answer = answer
        }

        static func taken(_ body: String, talk: Int = 1, ip: String = "a", text: String = "b") -> Case {
            Case(
                body, 200, #","talk_id":\#(talk),"user_ip":"\#(ip)","comment_text":"\#(text)","created_at":"#)
        }

        static func refused(_ body: String, _ issues: String...) -> Case {
            Case(body, 422, "{\"detail\":[\(issues.joined(separator: ","))]}")
        }

        static func broken(_ body: String, _ offset: Int, _ wording: String) -> Case {
            Case(
                body, 422,
                #"{"detail":[{"type":"json_invalid","loc":["body",\#(offset)],"msg":"JSON decode error","input":{},"#
                    + #""ctx":{"error":"\#(wording)"}}]}"#)
        }
    }

    static func missing(_ name: String, _ input: String) -> String {
        #"{"type":"missing","loc":["body","\#(name)"],"msg":"Field required","input":\#(input)}"#
    }

    static func issue(
        _ type: String, _ name: String, _ message: String, _ input: String, _ context: String = ""
    ) -> String {
        #"{"type":"\#(type)","loc":["body","\#(name)"],"msg":"\#(message)","input":\#(input)\#(context)}"#
    }

    static func talk(_ value: String) -> String {
        #"{"talk_id":\#(value),"user_ip":"a","comment_text":"b"}"#
    }

    static let parsing = "Input should be a valid integer, unable to parse string as an integer"
    static let size = "Unable to parse input string as an integer, exceeded maximum size"
    static let tooShort = issue(
        "string_too_short", "comment_text", "String should have at least 1 character", #""""#,
        #","ctx":{"min_length":1}"#)
    static let mat =
        #"{"type":"model_attributes_type","loc":["body"],"msg":"Input should be a valid dictionary or object to "#
        + #"extract fields from","input":"#

    static let cases: [Case] = [
        .refused("{}", missing("talk_id", "{}"), missing("user_ip", "{}"), missing("comment_text", "{}")),
        .refused(
            #"{"talk_id":1,"comment_text":"a"}"#, missing("user_ip", #"{"talk_id":1,"comment_text":"a"}"#)),
        .refused(
            #"{"x": [1, {"y": null}],"user_ip":"a","comment_text":"b"}"#,
            missing("talk_id", #"{"x":[1,{"y":null}],"user_ip":"a","comment_text":"b"}"#)),
        .refused(talk("null"), issue("int_type", "talk_id", "Input should be a valid integer", "null")),
        .taken(talk(#""12""#), talk: 12), .taken(talk(#"" 12 ""#), talk: 12),
        .taken(talk(#""1_0""#), talk: 10),
        .taken(talk(#""1.0""#)), .taken(talk("12.0"), talk: 12), .taken(talk("true")),
        .taken(talk("-0.0"), talk: 0),
        .taken(talk("9223372036854775807"), talk: .max), .taken(talk("-9223372036854775808"), talk: .min),
        .refused(
            talk("9223372036854775808"),
            issue("int_parsing_size", "talk_id", size, "9223372036854775808")),
        .refused(
            talk("12.5"),
            issue(
                "int_from_float", "talk_id",
                "Input should be a valid integer, got a number with a fractional part", "12.5")),
        .refused(talk(#""abc""#), issue("int_parsing", "talk_id", parsing, #""abc""#)),
        .refused(talk(#""1__0""#), issue("int_parsing", "talk_id", parsing, #""1__0""#)),
        .refused(talk("[1]"), issue("int_type", "talk_id", "Input should be a valid integer", "[1]")),
        .refused(
            #"{"talk_id":1,"user_ip":1,"comment_text":"b"}"#,
            issue("string_type", "user_ip", "Input should be a valid string", "1")),
        .refused(
            #"{"talk_id":1,"user_ip":"\#(String(repeating: "é", count: 46))","comment_text":"b"}"#,
            issue(
                "string_too_long", "user_ip", "String should have at most 45 characters",
                "\"\(String(repeating: "é", count: 46))\"", #","ctx":{"max_length":45}"#)),
        .taken(
            #"{"talk_id":1,"user_ip":"\#(String(repeating: "😀", count: 45))","comment_text":"b"}"#,
            ip: String(repeating: "😀", count: 45)),
        .refused(#"{"talk_id":1,"user_ip":"a","comment_text":""}"#, tooShort),
        .taken(#"{"talk_id":1,"user_ip":"","comment_text":"\u0000"}"#, ip: "", text: #"\u0000"#),
        .taken(
            #"{"talk_id":1,"user_ip":"a","comment_text":"\u00e9\ud83d\ude00\n\"\\\/\u001f"}"#,
            text: #"é😀\n\"\\/\u001f"#),
        .refused(
            #"{"comment_text":"","user_ip":5,"talk_id":"x"}"#,
            issue("int_parsing", "talk_id", parsing, #""x""#),
            issue("string_type", "user_ip", "Input should be a valid string", "5"), tooShort),
        .taken(#"{"talk_id":1,"talk_id":7,"user_ip":"a","comment_text":"b"}"#, talk: 7),
        .taken(#"{"id":9,"created_at":0,"talk_id":1,"user_ip":"a","comment_text":"b"}"#),
        .refused("null", #"{"type":"missing","loc":["body"],"msg":"Field required","input":null}"#),
        .refused("[1]", mat + "[1]}"), .refused("true", mat + "true}"), .refused(#""x""#, mat + #""x"}"#),
        .broken("{", 1, "Expecting property name enclosed in double quotes"),
        .broken(#"{"a":tru}"#, 5, "Expecting value"), .broken("{} x", 3, "Extra data"),
        .broken(#"{"a" 1}"#, 5, "Expecting ':' delimiter"), .broken("'", 0, "Expecting value"),
        .broken(#""\x""#, 1, #"Invalid \\escape"#),
        Case(
            String(repeating: "[", count: 5000), 400, #"{"detail":"There was an error parsing the body"}"#),
    ]

    @Test("are checked as pydantic checks them", arguments: cases)
    func create(_ example: Case) async throws {
        let answer = try await Client().send("POST", "/comments/", json: example.body)
        #expect(answer.status == example.status)
        if example.status == 200 {
            #expect(answer.body.contains(example.answer))
        } else {
            #expect(answer.body == example.answer)
        }
    }

    @Test("that are missing are said to be missing")
    func noBody() async throws {
        let client = try Client()
        let missing = #"{"detail":[{"type":"missing","loc":["body"],"msg":"Field required","input":null}]}"#
        for headers in [[], ["Content-Type: application/json"], ["Content-Type: text/plain"]] {
            #expect(try await client.send("POST", "/comments/", headers: headers).body == missing)
        }
    }

    @Test(
        "are JSON by their Content-Type",
        arguments: [
            ("application/json", true), ("application/json; charset=utf-8", true),
            ("application/json;charset=latin1", true), ("APPLICATION/JSON", true),
            ("application/problem+json", true), ("application/foo+JSON", true), ("", true),
            ("application/json ; x", true), ("application/+json", true), ("text/json", false),
            ("text/plain", false), ("application/x-www-form-urlencoded", false), ("json", false),
            ("application/jsonx", false), ("application", false), ("text/x+json", false), ("garbage/", false),
            ("application/json, text/plain", false),
        ])
    func contentTypes(_ type: String, _ isJSON: Bool) async throws {
        let body = #"{"talk_id":1,"user_ip":"a","comment_text":"b"}"#
        let answer = try await Client().send(
            "POST", "/comments/", headers: ["Content-Type: \(type)"], body: Array(body.utf8))
        #expect(answer.status == (isJSON ? 200 : 422))
        if !isJSON {
            #expect(
                answer.body == "{\"detail\":[\(Self.mat)"
                    + #""{\"talk_id\":1,\"user_ip\":\"a\",\"comment_text\":\"b\"}"}]}"#)
        }
    }

    @Test("may have no Content-Type at all")
    func noContentType() async throws {
        let client = try Client()
        #expect(try await client.send("POST", "/comments/", body: Array(Self.talk("1").utf8)).status == 200)
    }

    @Test("that are no text get 400 or 422, never 500")
    func brokenText() async throws {
        let client = try Client()
        let bytes = Array(#"{"talk_id":1,"user_ip":"a","comment_text":""#.utf8) + [0xFF] + Array(#""}"#.utf8)
        let json = try await client.send("POST", "/comments/", body: bytes)
        #expect(json.status == 400)
        #expect(json.body == #"{"detail":"There was an error parsing the body"}"#)
        let plain = try await client.send(
            "POST", "/comments/", headers: ["Content-Type: text/plain"], body: bytes)
        #expect(plain.status == 400)
        for text in [#""\ud800""#, "NaN", "1e400", "-Infinity"] {
            let answer = try await client.send("POST", "/comments/", json: Self.talk(text))
            #expect(answer.status == 422)
        }
    }

    @Test("of a change are checked after the id, and both are reported")
    func update() async throws {
        let client = try Client()
        let missing = Self.missing("comment_text", "{}")
        let id =
            #"{"type":"int_parsing","loc":["path","comment_id"],"msg":"\#(Self.parsing)","input":"x"}"#
        let both = try await client.send("PUT", "/comments/x", json: "{}")
        #expect(both.body == "{\"detail\":[\(id),\(missing)]}")
        let broken = try await client.send("PUT", "/comments/x", json: "{")
        #expect(
            broken.body == Case.broken("{", 1, "Expecting property name enclosed in double quotes").answer)
        let empty = try await client.send("PUT", "/comments/x")
        #expect(
            empty.body
                == #"{"detail":[\#(id),{"type":"missing","loc":["body"],"msg":"Field required","input":null}]}"#
        )
        let absent = try await client.send("PUT", "/comments/999999", json: "{}")
        #expect(absent.status == 422)
        let null = try await client.send("PUT", "/comments/1", json: #"{"comment_text":null,"talk_id":"x"}"#)
        let issue = Self.issue("string_type", "comment_text", "Input should be a valid string", "null")
        #expect(null.body == "{\"detail\":[\(issue)]}")
    }
}
