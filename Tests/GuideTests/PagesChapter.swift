// The examples of Docs/Guide/Pages.md.
import Crane
import CraneTemplates
import CraneTesting
import Foundation
import Synchronization
import Testing

private struct BoardPages {
    let templates = Templates([
        EmbeddedFile("frame.mustache", PackageResources.frame_mustache),
        EmbeddedFile("board.mustache", PackageResources.board_mustache),
        EmbeddedFile("note.mustache", PackageResources.note_mustache),
    ])
    let files = EmbeddedFiles([EmbeddedFile("board.css", PackageResources.board_css)])
}

private let pageHeaders: HTTPFields = [
    .contentSecurityPolicy: "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'",
    .cacheControl: "no-cache",
]

func boardApp() throws -> App {
    let notes = Mutex<[JSONValue]>([])
    var app = App(title: "Board")
    let pages = BoardPages()
    let board = try pages.templates.page("board")
    app.files(pages.files)
    app.get("/board", ContextInput()) { context in
        let values: JSONValue = [
            "title": "Board", "style": .string(pages.files.address(of: "board.css", in: context)),
            "notes": .array(notes.withLock { $0 }),
        ]
        return HTML(try board.text(values), headers: pageHeaders, hasTag: true)
    }.hidden()
    app.post("/board", Form("text", .string(minLength: 1, maxLength: 200))) { text in
        let id = notes.withLock { notes in
            let id = notes.count + 1
            notes.append(["id": .integer(id), "text": .string(text), "author": nil])
            return id
        }
        return RedirectResponse(to: "/board#n\(id)", status: .seeOther)
    }.middleware(CSRF()).hidden()
    return app
}

@Test("a note is text, whatever it looks like")
func noteIsText() async throws {
    let client = TestClient(try boardApp())
    let answer = try await client.post("/board", form: ["text": "<script>alert(1)</script>"])
    #expect(answer.text.contains("<li id=\"n1\">&lt;script&gt;alert(1)&lt;/script&gt;</li>"))
}

@Test("another site cannot pin anything up")
func otherSite() async throws {
    let client = TestClient(try boardApp())
    let answer = try await client.post(
        "/board", form: ["text": "spam"], headers: [.origin: "https://evil.example"])
    #expect(answer.status == .forbidden)
}

@Suite("The chapter about pages")
struct PagesChapterTests {
    @Test("shows the templates that its application has")
    func templates() throws {
        let blocks = try Document("Docs/Guide/Pages.md").blocks(of: "text").map(\.text)
        for name in ["frame", "board", "note"] {
            let file = Document.root.appending(path: "Tests/GuideTests/Pages/\(name).mustache")
            let text = try String(contentsOf: file, encoding: .utf8)
            #expect(blocks.contains { $0 + "\n" == text }, "\(name)")
        }
    }
}
