import CraneSchema
import HTTPTypes
import Testing

@testable import Crane

@Suite("Forms and uploads")
struct FormTests {
    let multipart = [("content-type", "multipart/form-data; boundary=\"x y\"")]

    func body(_ parts: (head: String, body: String)..., end: String = "--x y--\r\n") -> [UInt8] {
        let text = parts.map { "--x y\r\n\($0.head)\r\n\r\n\($0.body)\r\n" }.joined()
        return Array((text + end).utf8)
    }

    func field(_ name: String, _ text: String) -> (head: String, body: String) {
        ("Content-Disposition: form-data; name=\"\(name)\"", text)
    }

    func file(_ name: String, _ fileName: String, _ text: String) -> (head: String, body: String) {
        let head = "content-disposition: form-data; name=\"\(name)\"; filename=\"\(fileName)\""
        return (head + "\r\nContent-Type: text/plain", text)
    }

    @Test("fields are parameters of the body: typed, listed, with defaults")
    func fields() async throws {
        var app = App.quiet
        app.post(
            "/", Form("n", .int(ge: 1)), Form("tag", [String].self, default: []),
            Form("scope", String.self, default: "all"), Form("who", String?.self)
        ) { number, tags, scope, who in "\(number) \(tags.joined(separator: "|")) \(scope) \(who ?? "nil")" }
        let type = [("content-type", "application/x-www-form-urlencoded")]
        #expect(
            try await app.answer("POST", "/", type, body: Array("n=2&tag=a&tag=b+c&scope=".utf8)).text
                == #""2 a|b c all nil""#)
        let parts = body(field("n", "3"), field("who", "é"), field("scope", "one"), ("X: y", ""), end: "")
        #expect(try await app.answer("POST", "/", multipart, body: parts).status == .badRequest)
        let good = body(field("n", "3"), field("who", "é"), field("scope", "one"))
        #expect(try await app.answer("POST", "/", multipart, body: good).text == #""3  one é""#)
        #expect(try await app.answer("POST", "/", type, body: Array("n=0".utf8)).status.code == 422)
    }

    @Test("an empty field that need not be sent is absent, whatever its schema; a required text is empty")
    func emptyFields() async throws {
        var app = App.quiet
        app.post(
            "/", Form("n", Int?.self), Form("s", String?.self), Form("at", Timestamp?.self),
            Form("e", .optional(.string(minLength: 3))), Form("five", Int?.self, default: 5),
            Form("text", String.self)
        ) { number, text, time, bounded, five, required in
            "\(number ?? -1) \(text ?? "nil") \(time == nil) \(bounded ?? "nil") \(five ?? -1) '\(required)'"
        }
        app.post("/lists", Form("n", [Int].self, default: []), Form("s", [String]?.self)) { numbers, texts in
            "\(numbers) \(texts ?? ["nil"])"
        }
        let type = [("content-type", "application/x-www-form-urlencoded")]
        let none = #""-1 nil true nil 5 ''""#
        #expect(
            try await app.answer("POST", "/", type, body: Array("n=&s=&at=&e=&five=&text=".utf8)).text == none
        )
        let names = ["n", "s", "at", "e", "five", "text"]
        let parts = names.map { "--x y\r\n\(field($0, "").head)\r\n\r\n\r\n" }.joined() + "--x y--\r\n"
        #expect(try await app.answer("POST", "/", multipart, body: Array(parts.utf8)).text == none)
        #expect(try await app.answer("POST", "/", type, body: Array("n=%20&text=".utf8)).status.code == 422)
        // A list takes what is sent, as FastAPI has it.
        #expect(
            try await app.answer("POST", "/lists", type, body: Array("s=&s=a".utf8)).text
                == #""[] [\"\", \"a\"]""#)
        #expect(try await app.answer("POST", "/lists", type, body: Array("n=".utf8)).status.code == 422)
    }

    @Test("no file chosen is no file: missing, nil, or not in the list")
    func noFileChosen() async throws {
        var app = App.quiet
        app.post("/one", Upload("f")) { $0.name }
        app.post("/maybe", Upload(optional: "f")) { $0?.name ?? "nil" }
        app.post("/all", Upload(all: "f")) { $0.map(\.name) }
        let none = file("f", "", "")
        let missing =
            #"{"detail":[{"type":"missing","loc":["body","f"],"msg":"Field required","input":null}]}"#
        #expect(try await app.answer("POST", "/one", multipart, body: body(none)).text == missing)
        #expect(try await app.answer("POST", "/maybe", multipart, body: body(none)).text == #""nil""#)
        #expect(try await app.answer("POST", "/all", multipart, body: body(none, none)).text == missing)
        let two = body(none, file("f", "a", ""), none, file("f", "", "x"))
        #expect(try await app.answer("POST", "/all", multipart, body: two).text == #"["a",""]"#)
        #expect(try await app.answer("POST", "/one", multipart, body: two).text == #""""#)
        // A form that is sent without its files names them and no more.
        let type = [("content-type", "application/x-www-form-urlencoded")]
        #expect(try await app.answer("POST", "/maybe", type, body: Array("f=".utf8)).text == #""nil""#)
        #expect(
            try await app.answer("POST", "/one", type, body: Array("f=".utf8)).text.contains("value_error"))
    }

    @Test("a form that breaks off is 400, wherever; one without a byte has no fields")
    func brokenOff() async throws {
        var app = App.quiet
        app.post("/", Form("a", String?.self), Upload(optional: "f")) { a, f in
            "\(a ?? "nil") \(f?.size ?? -1)"
        }
        let whole = body(field("a", "x"), file("f", "n", "--"), end: "--x y-- \t")
        for length in 0..<(whole.count - 2) {
            let status = try await app.answer("POST", "/", multipart, body: Array(whole.prefix(length)))
                .status
            #expect(status.code == (length == 0 ? 200 : 400))
        }
        for end in ["", "\r", "\r\n", "\n", "\r\nepilogue"] {
            let answer = try await app.answer("POST", "/", multipart, body: whole + Array(end.utf8))
            #expect(answer.text == #""x 2""#)
        }
    }

    @Test(
        "a line of content that only begins like a boundary is content",
        arguments: [
            "line\r\n--x yz\r\nmore", "\r\n--x y-\r\n", "\r\n--x y--bird", "\r\n--x y\n", "\r\n--x y\r",
            "\r\n--x y \t z", "\r\n--x y--\tz\r\n--x", "\r\n--x y\r\r\n--x y-",
            "\r\n--x y" + String(repeating: " ", count: 300) + "\r\n", "\r\n\r\n--x y\u{301}\r\n",
        ])
    func likeABoundary(_ text: String) async throws {
        var app = App.quiet
        app.post("/", Form("a", String.self), Upload("f")) { text, file in
            text + "|" + String(decoding: try await file.bytes(), as: UTF8.self)
        }
        let bytes = body(field("a", text), file("f", "n", text))
        let expected = Response.json(String.schema.encode(text + "|" + text)).text
        for length in [1, 2, 3, 7, 64, bytes.count] {
            let request = try Call("POST", "/", multipart).request()
            request.body = RequestBody(source: Parts(bytes, length: length))
            #expect(await app.build().response(to: request).text == expected)
        }
    }

    @Test(
        "heads of parts are read byte by byte: nothing swallows a delimiter, nothing is taken for one",
        arguments: [
            "\u{301}x.txt", "\u{FE0F}x", "\u{200D}x", "\u{93F}x", "\u{E33}x", "\u{1F3FB}x", "x\u{600}",
            "x\u{6DD}",
            "a\u{37E}b.txt", "a\u{1FEF}b", "\u{212A}", "e\u{301}", "\u{301}", "\u{301};name=\u{301}",
            "a=\u{301}:b",
        ])
    func fileNames(_ name: String) async throws {
        var app = App.quiet
        app.post("/", Upload("file"), Form("title", String?.self)) { file, title in
            file.name + "|" + (file.contentType ?? "-") + "|" + (title ?? "nil")
        }
        let heads = [
            "Content-Disposition: form-data; name=\"file\"; filename=\"\(name)\"",
            "content-disposition:form-data;filename=\"\(name)\";\tname=\"file\"",
            "Content-Disposition: form-data; filename=\"\(name)\" ; NAME = file",
        ]
        for head in heads {
            let parts = body((head + "\r\nContent-Type: \u{301}t/x", "X"), field("title", name))
            let answer = try await app.answer("POST", "/", multipart, body: parts)
            let expected = Response.json(String.schema.encode("\(name)|\u{301}t/x|\(name)")).text
            #expect(answer.text.utf8.elementsEqual(expected.utf8))
        }
        let plain = "Content-Disposition: form-data; name=file; filename=a\u{37E}b.txt"
        #expect(
            try await app.answer("POST", "/", multipart, body: body((plain, ""))).text.hasPrefix(
                "\"a\u{37E}b.txt|"))
    }

    @Test("fields whose names differ in their normalization alone are different fields")
    func names() async throws {
        var app = App.quiet
        app.post("/", Form("caf\u{E9}", String?.self), Form("cafe\u{301}", String?.self)) {
            "\($0 ?? "-") \($1 ?? "-")"
        }
        let parts = body(field("caf\u{E9}", "1"), field("cafe\u{301}", "2"))
        #expect(try await app.answer("POST", "/", multipart, body: parts).text == #""1 2""#)
        let type = [("content-type", "application/x-www-form-urlencoded")]
        let encoded = Array("cafe%CC%81=2&caf%C3%A9=1".utf8)
        #expect(try await app.answer("POST", "/", type, body: encoded).text == #""1 2""#)
    }

    @Test(
        "texts and heads of a multipart body that are not UTF-8 are 400, and so are bare line breaks in a head"
    )
    func notUTF8() async throws {
        var app = App.quiet
        app.post("/", Form("a", String.self)) { $0 }
        func status(_ head: [UInt8], _ text: [UInt8]) async throws -> Int {
            let bytes = Array("--x y\r\n".utf8) + head + Array("\r\n\r\n".utf8) + text
            return try await app.answer("POST", "/", multipart, body: bytes + Array("\r\n--x y--".utf8))
                .status.code
        }
        let head = Array(field("a", "").head.utf8)
        #expect(try await status(head, Array("é".utf8)) == 200)
        for bytes: [UInt8] in [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xC0, 0x80]] {
            #expect(try await status(head, bytes) == 400)
            #expect(try await status(head + Array("; x=\"".utf8) + bytes + Array("\"".utf8), []) == 400)
        }
        for line in ["\rX: y", "\nX: y", "\r\rX: y"] {
            #expect(try await status(head + Array(line.utf8), []) == 400)
        }
    }
}
