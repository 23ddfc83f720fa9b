import Crane
import CraneSchema
import HTTPTypes
import Testing

private let intParsing = "Input should be a valid integer, unable to parse string as an integer"

private func int(_ place: String, _ name: String, _ input: String) -> String {
    #"{"type":"int_parsing","loc":["\#(place)","\#(name)"],"msg":"\#(intParsing)","input":"\#(input)"}"#
}

private func missing(_ place: String, _ name: String) -> String {
    #"{"type":"missing","loc":["\#(place)","\#(name)"],"msg":"Field required","input":null}"#
}

private func refused(_ issues: String...) -> String {
    "422 {\"detail\":[" + issues.joined(separator: ",") + "]}"
}

@Suite("Inputs of typed routes")
struct InputTests {
    @Test("a path parameter arrives as its type, or is told to be wrong")
    func path() async throws {
        var app = App.quiet
        app.get("/notes/{id}", Path("id", Int.self)) { id in ["id": id] }
        #expect(try await app.answer("GET", "/notes/12").line == #"200 {"id":12}"#)
        #expect(try await app.answer("GET", "/notes/%201_2.0").line == #"200 {"id":12}"#)
        #expect(try await app.answer("GET", "/notes/x").line == refused(int("path", "id", "x")))
    }

    @Test("query parameters take defaults, bounds, nil and lists")
    func query() async throws {
        var app = App.quiet
        app.get(
            "/", Query("talk", Int?.self), Query("limit", .int(in: 1...100), default: 100),
            Query("tag", [String].self, default: [])
        ) { talk, limit, tags in "\(talk.map(String.init) ?? "nil") \(limit) \(tags)" }
        #expect(try await app.answer("GET", "/").text == #""nil 100 []""#)
        #expect(
            try await app.answer("GET", "/?talk=3&limit=7&tag=a&tag=%C3%A9+b").text
                == #""3 7 [\"a\", \"é b\"]""#)
        #expect(try await app.answer("GET", "/?talk=3&t%61lk=4").text == #""4 100 []""#)
        #expect(try await app.answer("GET", "/?&&=x&talk=3&").text == #""3 100 []""#)
        // A name is its code points, not what they look like.
        var accented = App.quiet
        accented.get("/", Query("\u{E9}", Int.self, default: 0)) { $0 }
        #expect(try await accented.answer("GET", "/?%C3%A9=1&e%CC%81=2").text == "1")
        #expect(try await app.answer("GET", "/?talk").line == refused(int("query", "talk", "")))
        #expect(
            try await app.answer("GET", "/?limit=0").line
                == refused(
                    #"{"type":"greater_than_equal","loc":["query","limit"],"msg":"Input should be greater than or equal to 1","input":"0","ctx":{"ge":1}}"#
                ))
    }

    @Test("a long body is parsed and checked off the loop, and answered as a short one is")
    func longBodies() async throws {
        var app = App.quiet
        let calls = BlockingCalls()
        app.post("/json", Body(Note.self, upTo: 4 << 20)) { $0.text.utf8.count }
        app.post(
            "/form", Query("q", Int?.self), Form("a", .string(maxLength: 100_000, pattern: "^a*$"))
        ) { _, text in text.utf8.count }
        func answer(_ target: String, _ type: String, _ body: String) async throws -> String {
            var call = Call("POST", target, [("content-type", type)], body: Array(body.utf8))
            call.loop = calls
            let before = calls.count
            let line = await app.build().response(to: try call.request()).line
            return "\(calls.count - before) \(line)"
        }
        func note(_ text: String, _ more: String = "") -> String {
            #"{"talk_id":1,"author":"ada","text":"\#(text)"\#(more)}"#
        }
        let long = String(repeating: "a", count: 60_000)
        let (json, form) = ("application/json", "application/x-www-form-urlencoded")
        #expect(try await answer("/json", json, note("a")) == "0 200 1")
        #expect(try await answer("/json", json, note(long)) == "1 200 60000")
        #expect(try await answer("/json", json, note(long, ",\"x\":NaN")) == "1 200 60000")
        let broken = try await answer("/json", json, note(long, ","))
        #expect(broken.hasPrefix(#"1 422 {"detail":[{"type":"json_invalid","loc":["body",60"#))
        let missing = try await answer("/json", json, #"{"author":"\#(long)","text":""}"#)
        #expect(missing.hasPrefix(#"1 422 {"detail":[{"type":"missing","loc":["body","talk_id"]"#))
        #expect(missing.contains("string_too_long") && missing.contains("string_too_short"))
        #expect(missing.utf8.count < 4000)
        #expect(try await answer("/form", form, "a=" + long) == "2 200 60000")
        let wrong = try await answer("/form?q=x", form, "a=" + long + "b")
        #expect(wrong.contains(#"["query","q"]"#) && wrong.contains("string_pattern_mismatch"))
        let parts = "--b\r\ncontent-disposition: form-data; name=a\r\n\r\n\(long)\r\n--b--"
        #expect(try await answer("/form", "multipart/form-data; boundary=b", parts) == "1 200 60000")
    }

    @Test("a long body that a dependency takes is read off the loop too, beside inputs that wait")
    func longBodyOfADependency() async throws {
        var app = App.quiet
        let calls = BlockingCalls()
        let note = Dependency(Body(Note.self), Query("q", Int.self, default: 1)) { note, q in
            String(repeating: note.author, count: q) + "\(note.text.utf8.count)"
        }
        let waiting = Dependency(ContextInput()) { context in
            try await context.sleep(for: .zero)
            return 7
        }
        app.post("/", waiting, note, Header("x-a", String?.self)) { seven, text, field in
            "\(seven) \(text) \(field ?? "nil")"
        }
        func line(_ target: String, _ author: String) async throws -> String {
            let text = String(repeating: "a", count: 50_000)
            let json = #"{"talk_id":1,"author":"\#(author)","text":"\#(text)"}"#
            var call = Call("POST", target, [("x-a", "b")], body: Array(json.utf8))
            call.loop = calls
            return await app.build().response(to: try call.request()).line
        }
        #expect(try await line("/?q=2", "ada") == #"200 "7 adaada50000 b""#)
        #expect(calls.count > 1)
        let refused = try await line("/?q=x", "too long")
        #expect(
            refused.hasPrefix("422 ") && refused.contains("int_parsing")
                && refused.contains("string_too_long"))
    }

    @Test("a body of text that is not UTF-8 is 400 rather than changed")
    func textBodies() async throws {
        var app = App.quiet
        app.post("/", Body(String.self)) { $0 }
        let type = [("content-type", "text/plain")]
        #expect(try await app.answer("POST", "/", type, body: Array("é".utf8)).line == #"200 "é""#)
        for bytes: [UInt8] in [[0xFF], [0x61, 0xC3], [0xED, 0xA0, 0x80]] {
            #expect(
                try await app.answer("POST", "/", type, body: bytes).line
                    == #"400 {"detail":"There was an error parsing the body"}"#)
        }
    }

    @Test("a body of JSON has a mebibyte, unless its route says otherwise")
    func bodyBound() async throws {
        var app = App.quiet
        app.post("/", Body(String.self)) { $0.utf8.count }
        app.post("/more", Body(String.self, upTo: 2 << 20)) { $0.utf8.count }
        let text = "\"" + String(repeating: "a", count: (1 << 20) - 2) + "\""
        #expect(try await app.answer("POST", "/", json: text).line == "200 1048574")
        #expect(try await app.answer("POST", "/", json: text + " ").status == .contentTooLarge)
        #expect(try await app.answer("POST", "/more", json: text + " ").line == "200 1048574")
    }

    @Test(
        "cookies are cut at bytes: no mark swallows a delimiter, no look-alike is one",
        arguments: [
            ("a=\u{301}x; b=2", "\u{301}x", "2"), ("a=1;\u{301}b=2", "1", "-"),
            ("a=1; b=\u{301}", "1", "\u{301}"),
            ("a=x\u{37E}b=INJECTED", "x\u{37E}b=INJECTED", "-"),
            ("a=\"\u{301}\"; b=\u{FE0F};", "\u{301}", "\u{FE0F}"),
            ("\u{301}a=1; b=2", "-", "2"), ("a\u{301}=1;a=2", "2", "-"),
            ("b=\"x\u{600}\";a=\t3 ", "3", "x\u{600}"),
        ])
    func cookies(_ field: String, _ a: String, _ b: String) async throws {
        var app = App.quiet
        app.get("/", Cookie("a", String?.self), Cookie("b", String?.self)) { [$0 ?? "-", $1 ?? "-"] }
        let answer = try await app.answer("GET", "/", [("cookie", field)]).text
        #expect(answer.utf8.elementsEqual(Response.json([String].schema.encode([a, b])).text.utf8))
    }

    @Test("a Content-Type is read byte by byte")
    func contentTypeBytes() async throws {
        var app = App.quiet
        app.post("/", Body(Int.self)) { $0 }
        func status(_ type: String) async throws -> Int {
            try await app.answer("POST", "/", [("content-type", type)], body: Array("1".utf8)).status.code
        }
        for type in [
            "application/json;\u{301}", "application/json ; x=\u{301}", "Application/LD+JSON",
            "application/x\u{301}+json",
        ] { #expect(try await status(type) == 200) }
        app.post("/notes", Body(Note.self)) { $0.text }
        let note = Array(#"{"talk_id":1,"author":"a","text":"t"}"#.utf8)
        func line(_ type: String) async throws -> String {
            try await app.answer("POST", "/notes", [("content-type", type)], body: note).line
        }
        #expect(try await line("application/json;\u{301}x") == #"200 "t""#)
        #expect(try await line("application/json\u{37E}x").hasPrefix("422 "))
    }

    @Test("headers and cookies are read under their names")
    func headersAndCookies() async throws {
        var app = App.quiet
        app.get(
            "/", Header("user_agent", String?.self), Header("x-tag", [String].self, default: []),
            Cookie("session", String?.self), Cookie("n", Int.self, default: 0)
        ) { agent, tags, session, number in
            "\(agent ?? "-") \(tags.joined(separator: "|")) \(session ?? "-") \(number)"
        }
        #expect(try await app.answer("GET", "/").text == #""-  - 0""#)
        let fields = [
            ("User-Agent", "test"), ("x-tag", "a"), ("X-Tag", "b"),
            ("cookie", #"a=b; session="x\"y"; n=4"#),
        ]
        #expect(try await app.answer("GET", "/", fields).text == #""test a|b x\"y 4""#)
        #expect(
            try await app.answer("GET", "/", [("cookie", "n=x")]).line == refused(int("cookie", "n", "x")))
    }

    @Test("all faults of a request are told at once: path, query, header, cookie, body")
    func order() async throws {
        var app = App.quiet
        app.put(
            "/notes/{id}", Body(Note.self), Cookie("c", Int.self), Header("h", Int.self),
            Query("q", Int.self), Path("id", Int.self)
        ) { note, _, _, _, _ in note }
        let body =
            #"{"type":"missing","loc":["body","text"],"msg":"Field required","input":{"talk_id":1,"author":"a"}}"#
        #expect(
            try await app.answer("PUT", "/notes/x?q=y", json: #"{"talk_id":1,"author":"a"}"#).line
                == refused(
                    int("path", "id", "x"), int("query", "q", "y"), missing("header", "h"),
                    missing("cookie", "c"), body))
    }

    @Test("types that are not described as JSON are refused as text, and the others read")
    func contentTypes() async throws {
        var app = App.quiet
        app.post("/", Body(Note.self)) { note in note }
        let good = #"{"talk_id":1,"author":"a","text":"b"}"#
        let types = ["", "application/json", "Application/JSON; charset=x", "application/vnd.api+json"]
        for type in types {
            let answer = try await app.answer("POST", "/", [("content-type", type)], body: Array(good.utf8))
            #expect(answer.line == "200 " + good)
        }
        for type in ["text/plain", "application", "json", "application/jsonx", "application /json"] {
            let answer = try await app.answer("POST", "/", [("content-type", type)], body: Array("hi".utf8))
            #expect(
                answer.line
                    == refused(
                        #"{"type":"model_attributes_type","loc":["body"],"msg":"Input should be a valid dictionary or object to extract fields from","input":"hi"}"#
                    ))
        }
        let noBody = #"{"type":"missing","loc":["body"],"msg":"Field required","input":null}"#
        #expect(try await app.answer("POST", "/").line == refused(noBody))
        #expect(try await app.answer("POST", "/", [("content-type", "text/plain")]).line == refused(noBody))
        #expect(try await app.answer("POST", "/", json: "null").line == refused(noBody))
    }

    @Test("broken JSON is answered alone, and bytes that are no text with 400")
    func brokenJSON() async throws {
        var app = App.quiet
        app.post("/{id}", Path("id", Int.self), Body(Note.self)) { _, note in note }
        #expect(
            try await app.answer("POST", "/x", json: #"{"a" 1}"#).line
                == refused(
                    #"{"type":"json_invalid","loc":["body",5],"msg":"JSON decode error","input":{},"ctx":{"error":"Expecting ':' delimiter"}}"#
                ))
        #expect(
            try await app.answer("POST", "/x", body: [0xFF]).line
                == #"400 {"detail":"There was an error parsing the body"}"#)
    }

    @Test("a whole number past 64 bits is told of only where nothing else is wrong")
    func hugeIntegers() async throws {
        var app = App.quiet
        app.get("/", Query("a", Int.self), Query("b", Int.self, default: 0)) { a, b in [a, b] }
        let huge = "99999999999999999999"
        #expect(
            try await app.answer("GET", "/?a=\(huge)").line
                == refused(
                    #"{"type":"int_parsing_size","loc":["query","a"],"msg":"Unable to parse input string as an integer, exceeded maximum size","input":"99999999999999999999"}"#
                ))
        let parsing =
            #"{"type":"int_parsing","loc":["query","b"],"msg":"Input should be a valid integer, unable to parse string as an integer","input":"x"}"#
        #expect(try await app.answer("GET", "/?a=\(huge)&b=x").line == refused(parsing))
    }

    @Test("a body past its bound is 413, one that may be left out is nil without it")
    func boundsOfTheBody() async throws {
        var app = App.quiet
        app.post("/small", Body([String].self, upTo: 10)) { list in list }
        app.post("/optional", Body(Note?.self)) { note in ["sent": note != nil] }
        #expect(try await app.answer("POST", "/small", json: #"["12345"]"#).line == #"200 ["12345"]"#)
        #expect(
            try await app.answer("POST", "/small", json: #"["1234567"]"#).line
                == #"413 {"detail":"Content Too Large"}"#)
        #expect(try await app.answer("POST", "/optional").line == #"200 {"sent":false}"#)
        #expect(try await app.answer("POST", "/optional", json: "null").line == #"200 {"sent":false}"#)
    }

    @Test("handlers give back values, responses, and errors that make responses")
    func answers() async throws {
        var app = App.quiet
        app.get("/value") { [1, 2] }.status(.accepted)
        app.get("/response") { Response.text("hello", status: .created) }
        app.get("/error", Query("x", Int.self, default: 0)) { x in
            if x == 0 { throw HTTPError(.notFound, "Nothing") }
            return x
        }
        app.get("/request", RequestInput(), ContextInput()) { request, context in
            "\(request.path) \(context.route ?? "-")"
        }
        #expect(try await app.answer("GET", "/value").line == "202 [1,2]")
        #expect(try await app.answer("GET", "/response").line == "201 hello")
        #expect(try await app.answer("GET", "/error").line == #"404 {"detail":"Nothing"}"#)
        #expect(try await app.answer("GET", "/request").line == #"200 "/request /request""#)
    }
}
