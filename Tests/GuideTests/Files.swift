// The examples of Docs/Guide/Files.md.
import Crane
import Foundation

func filesApp(folder: String) throws -> App {
    for (name, text) in [
        "index.html": "<h1>Home</h1>", "app.css": "h1 { color: teal }", "help/index.html": "<h1>Help</h1>",
        ".env": "SECRET=1",
    ] {
        let file = URL(filePath: "\(folder)/public/\(name)")
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: file, atomically: true, encoding: .utf8)
    }
    var app = App(title: "Files")
    app.files("/static", in: "\(folder)/public", cacheControl: "public, max-age=3600")
    app.files("/", in: "\(folder)/public", fallback: "index.html")
    app.files("/ui", embedded: [EmbeddedFile("board.css", PackageResources.board_css)])
    return app
}
