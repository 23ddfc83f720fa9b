import Crane
import CraneTemplates
import CraneTesting
import Testing

@Suite("Templates")
struct TemplateTests {
    private func templates(_ files: [String: String], parsesAtStart: Bool = true) -> Templates {
        Templates(
            files.map { name, text in EmbeddedFile(name + ".mustache", Array(text.utf8)) },
            parsesAtStart: parsesAtStart)
    }

    private func text(_ template: String, _ values: JSONValue) throws -> String {
        try templates(["page": template]).page("page").text(values)
    }

    @Test("have values, sections, lists and what is missing from them")
    func values() throws {
        let template =
            "{{title}}:{{#talks}} {{name}}{{#speaker}} by {{speaker}}{{/speaker}}{{/talks}}{{^talks}} none{{/talks}}"
        #expect(
            try text(
                template,
                [
                    "title": "T", "speaker": "nobody",
                    "talks": [["name": "a", "speaker": "Ada"], ["name": "b", "speaker": nil], ["name": 3]],
                ]) == "T: a by Ada b 3 by nobody")
        #expect(try text(template, ["title": 1.5, "talks": []]) == "1.5: none")
        #expect(
            try text(
                "{{#a}}{{.}}{{/a}}{{#on}}yes{{/on}}{{^off}}no{{/off}}",
                ["a": [1, "x"], "on": true, "off": false]) == "1xyesno")
        #expect(try text("{{a.b.c}}|{{a.x.c}}", ["a": ["b": ["c": "deep"]]]) == "deep|")
    }

    @Test("take a value that describes itself")
    func described() throws {
        let page = try templates(["page": "{{name}} {{times}}"]).page("page")
        #expect(try page.text(Greeting(name: "<Ada>", times: 2)) == "&lt;Ada&gt; 2")
    }

    private struct Greeting: SchemaRepresentable {
        let name: String
        let times: Int
        static let schema = Object(Greeting.init) {
            Field("name", \.name)
            Field("times", \.times)
        }
    }

    @Test(
        "escape what means something in markup, whatever characters it is joined to",
        arguments: [
            ("<b>", "&lt;b&gt;"), ("\"'&", "&quot;&#39;&amp;"),
            // A mark behind it, or a sign before it that joins what follows, makes one character of both.
            ("\"\u{301} onfocus=x", "&quot;\u{301} onfocus=x"), ("'\u{200D}x", "&#39;\u{200D}x"),
            ("\u{600}<script>", "\u{600}&lt;script&gt;"), ("<\u{338}b", "&lt;\u{338}b"),
            ("\u{110BD}\"", "\u{110BD}&quot;"), ("&\u{FE0F}lt;", "&amp;\u{FE0F}lt;"),
        ])
    func escaping(text: String, escaped: String) throws {
        let files = [
            "page": "{{<frame}}{{$body}}<i title=\"{{text}}\">{{> row}}</i>{{/body}}{{/frame}}",
            "frame": "{{#list}}{{$body}}{{/body}}{{/list}}", "row": "{{text}}",
        ]
        let page = try templates(files).page("page").text(["list": [["text": .string(text)]]])
        #expect(page.utf8.elementsEqual("<i title=\"\(escaped)\">\(escaped)</i>".utf8), "\(page)")
        #expect(try self.text("{{{text}}}", ["text": .string(text)]).utf8.elementsEqual(text.utf8))
    }

    @Test("include others and fill the places of a frame")
    func includes() throws {
        let files = [
            "page": "{{<frame}}\n{{$body}}\n{{> row}}\n{{/body}}\n{{/frame}}\n",
            "frame": "<body>\n{{$body}}{{/body}}\n</body>\n", "row": "<li>{{name}}</li>\n",
        ]
        #expect(
            try templates(files).page("page").text(["name": "a"]) == "<body>\n<li>a</li>\n\n</body>\n")
    }

    @Test("that are missing or cannot be parsed are told at registration, with their place")
    func mistakes() {
        #expect(throws: TemplateError.missing("page")) { try templates([:]).page("page") }
        #expect(throws: TemplateError.includeMissing("row", in: "page")) {
            try templates(["page": "{{> list}}", "list": "{{#a}}{{>row}}{{/a}}"]).page("page")
        }
        let error = #expect(throws: TemplateError.self) {
            try templates(["page": "a\n{{#b}}\n{{/c}}\n"]).page("page")
        }
        #expect("\(error, default: "")".hasPrefix("template page, line 3, column "))
        #expect(throws: TemplateError.self) {
            try templates(["page": "{{> a}}", "a": "{{name"]).page("page")
        }
    }

    @Test("that are not read at the start tell it when they are used")
    func lazily() throws {
        let templates = templates(["page": "{{> row}}", "row": "{{#a}}"], parsesAtStart: false)
        #expect(throws: TemplateError.missing("other")) { try templates.page("other") }
        let page = try templates.page("page")
        #expect(throws: TemplateError.self) { try page.text([:]) }
        #expect(throws: TemplateError.self) { try templates.check("page") }
    }

    @Test("of a folder are read anew for each page where that is wanted")
    func folder() throws {
        let folder = try Folder()
        try folder.write("<p>{{name}}</p>", to: "page.mustache")
        let kept = try Templates(directory: folder.path).page("page")
        let fresh = try Templates(directory: folder.path, reloads: true).page("page")
        #expect(try fresh.text(["name": "a"]) == "<p>a</p>")
        try folder.write("<b>{{name}}</b>", to: "page.mustache")
        #expect(try fresh.text(["name": "a"]) == "<b>a</b>")
        #expect(try kept.text(["name": "a"]) == "<p>a</p>")
        try folder.write("{{#a}}", to: "page.mustache")
        #expect(throws: TemplateError.self) { try fresh.text([:]) }
        #expect(throws: TemplateError.missing("none")) { try Templates(directory: folder.path).page("none") }
    }

    @Test("make pages that a browser keeps until they change")
    func pages() async throws {
        let page = try templates(["page": "<p>{{name}}</p>"]).page("page")
        var app = App()
        app.get("/{name}", Path("name", String.self)) { name in
            HTML(
                try page.text(["name": .string(name)]), headers: [.cacheControl: "no-cache"], hasTag: true)
        }
        let client = TestClient(app)
        let first = try await client.get("/ada")
        let tag = try #require(first.headers[.eTag])
        #expect(first.text == "<p>ada</p>" && first.headers[.contentType] == "text/html; charset=utf-8")
        let again = try await client.get("/ada", headers: [.ifNoneMatch: tag])
        #expect(
            again.status == .notModified && again.body.isEmpty && again.headers[.cacheControl] == "no-cache")
        #expect(again.headers[.eTag] == tag && again.headers[.contentType] == nil)
        #expect(try await client.get("/bob", headers: [.ifNoneMatch: tag]).text == "<p>bob</p>")
    }

    @Test("are compressed for those who take it, as a state of its own")
    func compressed() async throws {
        let text = String(repeating: "<p>Hello</p>", count: 100)
        var app = App()
        app.get("/", RequestInput()) { request in
            HTML(text, headers: [.vary: "Cookie"], hasTag: true).compressed(for: request)
        }
        let client = TestClient(app)
        let plain = try await client.get("/")
        #expect(plain.text == text && plain.headers[.contentEncoding] == nil)
        let coded = try await client.get("/", headers: [.acceptEncoding: "gzip, br"])
        #expect(coded.headers[.contentEncoding] == "gzip" && coded.body.starts(with: [0x1F, 0x8B]))
        #expect(coded.body.count < 200 && coded.headers[.eTag] != plain.headers[.eTag])
        for answer in [plain, coded] { #expect(answer.headers[.vary]?.contains("Accept-Encoding") == true) }
        let again = try await client.get(
            "/", headers: [.acceptEncoding: "gzip", .ifNoneMatch: coded.headers[.eTag] ?? ""])
        #expect(again.status == .notModified && again.headers[.contentEncoding] == nil && again.body.isEmpty)
    }
}
