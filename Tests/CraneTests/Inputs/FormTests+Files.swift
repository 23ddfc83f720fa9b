import CraneSchema
import HTTPTypes
import Testing

@testable import Crane

extension FormTests {
    @Test("files arrive with name, type and bytes; missing ones and texts in their place are told")
    func files() async throws {
        var app = App.quiet
        app.post(
            "/", Upload("one"), Upload(optional: "maybe"), Upload(all: "many"), Form("note", String.self)
        ) { one, maybe, many, note in
            let text = String(decoding: try await one.bytes(), as: UTF8.self)
            let names = many.map { "\($0.name):\($0.size)" }.joined(separator: ",")
            return [one.name, one.contentType ?? "-", text, maybe?.name ?? "nil", names, note]
        }
        let good = body(
            file("many", "a", ""), file("one", #"b \"c\".txt"#, "line\r\n--x\r\n"), field("note", "hi"),
            file("many", "d;e", "12"))
        #expect(
            try await app.answer("POST", "/", multipart, body: good).text
                == #"["b \"c\".txt","text/plain","line\r\n--x\r\n","nil","a:0,d;e:2","hi"]"#)
        let bad = body(field("one", "text"), field("note", "hi"))
        #expect(
            try await app.answer("POST", "/", multipart, body: bad).text
                == #"{"detail":[{"type":"value_error","loc":["body","one"],"msg":"Value error, Expected UploadFile, received: <class 'str'>","input":"text","ctx":{"error":{}}},{"type":"missing","loc":["body","many"],"msg":"Field required","input":null}]}"#
        )
    }

    @Test("a file where a text should be is told as a wrong type, and of several values the last one counts")
    func misplacedFiles() async throws {
        var app = App.quiet
        app.post("/", Form("a", Int.self), Form("b", [String].self, default: []), Upload("f")) { a, _, _ in a
        }
        let bad = body(
            field("a", "1"), file("a", "x", "1"), field("b", "t"), file("b", "y", ""), field("f", "t"),
            file("f", "z", ""))
        let answer = try await app.answer("POST", "/", multipart, body: bad).text
        #expect(answer.contains(#"{"type":"int_type","loc":["body","a"]"#))
        #expect(answer.contains(#"{"type":"string_type","loc":["body","b",1]"#))
        #expect(!answer.contains(#"["body","f"]"#))
    }

    @Test("a long file goes to the disk while it arrives, and is read back in parts")
    func disk() async throws {
        var app = App.quiet
        app.post("/", Upload("file", upTo: 8 << 20)) { file in
            let middle = try await file.bytes(3_000_000..<3_000_010)
            return "\(file.isOnDisk) \(file.size) \(String(decoding: middle, as: UTF8.self))"
        }
        let text = String(repeating: "0123456789", count: 400_000)
        let request = try Call("POST", "/", multipart).request()
        request.body = RequestBody(source: Parts(body(file("file", "long", text)), length: 60_000))
        #expect(await app.build().response(to: request).text == #""true 4000000 0123456789""#)
        let tooLong = try Call("POST", "/", multipart).request()
        let bytes = body(file("file", "long", String(repeating: "0", count: 8 << 20 + 1)))
        tooLong.body = RequestBody(source: Parts(bytes, length: 60_000))
        #expect(await app.build().response(to: tooLong).status == .contentTooLarge)
    }

    @Test("each upload is bounded by itself: the files of its name together")
    func uploadLimits() async throws {
        var app = App.quiet
        app.post("/", Upload("one", upTo: 100), Upload(all: "many", upTo: 200)) { one, many in
            one.size + many.reduce(0) { $0 + $1.size }
        }
        func status(one: Int, many: [Int]) async throws -> Int {
            var text = ""
            for (name, size) in [("one", one)] + many.map({ ("many", $0) }) {
                let part = file(name, "f", String(repeating: "x", count: size))
                text += "--x y\r\n\(part.head)\r\n\r\n\(part.body)\r\n"
            }
            return try await app.answer("POST", "/", multipart, body: Array((text + "--x y--\r\n").utf8))
                .status.code
        }
        #expect(try await status(one: 100, many: [100, 100]) == 200)
        #expect(try await status(one: 101, many: [1]) == 413)
        #expect(try await status(one: 1, many: [100, 101]) == 413)
    }

    @Test("a form takes a thousand fields and a mebibyte beside its files, whichever way it is sent")
    func fieldLimits() async throws {
        var app = App.quiet
        app.post("/", Form("a", [String].self)) { $0.count }
        app.post("/file", Form("a", [String].self), Upload(optional: "f")) { fields, _ in fields.count }
        let type = [("content-type", "application/x-www-form-urlencoded")]
        func encoded(_ count: Int) -> [UInt8] { Array(String(repeating: "a&", count: count).utf8) }
        func parts(_ count: Int) -> [UInt8] {
            let part = "--x y\r\n\(field("a", "").head)\r\n\r\n\r\n"
            return Array((String(repeating: part, count: count) + "--x y--\r\n").utf8)
        }
        let tooMany = #"400 {"detail":"Too many fields. Maximum number of fields is 1000."}"#
        for path in ["/", "/file"] {
            #expect(try await app.answer("POST", path, type, body: encoded(1000)).line == "200 1000")
            #expect(try await app.answer("POST", path, type, body: encoded(1001)).line == tooMany)
            #expect(try await app.answer("POST", path, multipart, body: parts(1000)).line == "200 1000")
            #expect(try await app.answer("POST", path, multipart, body: parts(1001)).line == tooMany)
            let long = Array("a=".utf8) + [UInt8](repeating: 48, count: 1 << 20)
            #expect(try await app.answer("POST", path, type, body: long).status == .contentTooLarge)
            #expect(try await app.answer("POST", path, type, body: long.dropLast(2)).status == .ok)
        }
    }

    @Test("a body may be cut anywhere: the same fields come out")
    func cuts() async throws {
        var app = App.quiet
        app.post("/", Form("a", String.self), Upload("f")) { text, file in
            text + "/" + String(decoding: try await file.bytes(), as: UTF8.self)
        }
        let bytes = body(field("a", "\r\n--x"), file("f", "n", "\r\r\n--x \r\n"))
        for length in 1...bytes.count {
            let request = try Call("POST", "/", multipart).request()
            request.body = RequestBody(source: Parts(bytes, length: length))
            #expect(await app.build().response(to: request).text == #""\r\n--x/\r\r\n--x \r\n""#)
        }
    }

    @Test(
        "what is wrong with a multipart body is 400",
        arguments: [
            ("multipart/form-data", "", "Missing boundary in multipart."),
            (
                "multipart/form-data; boundary=b", "--b\r\nX: y\r\n\r\n\r\n--b--",
                #"The Content-Disposition header field \"name\" must be provided."#
            ),
            ("multipart/form-data; boundary=b", "--bXY", "There was an error parsing the body"),
        ])
    func malformed(type: String, body: String, detail: String) async throws {
        var app = App.quiet
        app.post("/", Form("a", String?.self)) { $0 ?? "" }
        let answer = try await app.answer("POST", "/", [("content-type", type)], body: Array(body.utf8))
        #expect(answer.line == #"400 {"detail":"\#(detail)"}"#)
    }

    @Test("files are documented as binary strings of a multipart body")
    func documentation() throws {
        var app = App.quiet
        app.post("/", Upload("one"), Upload(all: "many")) { _, _ in 1 }.name("send")
        #expect(
            app.document["paths"]?["/"]?["post"]?["requestBody"]?["content"]?.text
                == ##"{"multipart/form-data":{"schema":{"$ref":"#/components/schemas/Body_send__post"}}}"##)
        #expect(
            app.document["components"]?["schemas"]?["Body_send__post"]?["properties"]?.text
                == #"{"one":{"type":"string","format":"binary","title":"One"},"many":{"type":"array","items":{"type":"string","format":"binary"},"title":"Many"}}"#
        )
    }
}
