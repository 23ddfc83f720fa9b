// The examples of Docs/Guide/Answers.md.
import Crane

struct Poster: Describable {
    let title: String
    let file: String
    let bytes: Int

    static let schema = Object(Poster.init) {
        Field("title", \.title)
        Field("file", \.file)
        Field("bytes", \.bytes)
    }
}

func answersApp(folder: String) -> App {
    var app = App(title: "Answers")
    app.post("/names", Body(String.self), status: .created) { name in ["name": name] }
    app.get("/page") { HTML("<h1>Talks</h1>") }
    app.get("/old") { RedirectResponse(to: "/page") }
    app.get("/slides") { FileResponse("\(folder)/slides.txt") }
    app.get("/export") {
        StreamingResponse("text/csv") { writer in
            for id in 1...3 { try await writer.write(Array("\(id),comment\n".utf8)) }
        }
    }

    app.post("/login", Form("name", String.self), ResponseChanges()) { name, response in
        response.setCookie(SetCookie("session", name, httpOnly: true))
        return ["message": "Welcome"]
    }
    app.get("/session", Cookie("session", String?.self)) { session in ["session": session] }

    app.post("/posters", Form("title", String.self), Upload("poster", upTo: 1 << 20)) { title, poster in
        Poster(title: title, file: poster.name, bytes: try await poster.bytes().count)
    }
    return app
}
