// The examples of Docs/Guide/Responses.md.
import Crane

struct Poster: SchemaRepresentable {
    let title: String
    let file: String
    let bytes: Int

    static let schema = Object(Poster.init) {
        Field("title", \.title)
        Field("file", \.file)
        Field("bytes", \.bytes)
    }
}

struct Names: Sendable {
    func remove(_ name: String) throws {
        guard name == "ada" else { throw HTTPError(.notFound) }
    }
}

func responsesApp(folder: String) -> App {
    var app = App(title: "Responses")
    let interval = Duration.milliseconds(10)
    app.post("/names", Body(String.self)) { name in ["name": name] }.status(.created)
    app.get("/page") { HTML("<h1>Talks</h1>") }
    app.get("/old") { RedirectResponse(to: "/page") }
    app.get("/slides") { FileResponse("\(folder)/slides.txt") }
    app.get("/export") {
        StreamingResponse("text/csv") { writer in
            for id in 1...3 { try await writer.write(Array("\(id),comment\n".utf8)) }
        }
    }

    app.delete("/names/{name}", Path("name", String.self)) { name in try Names().remove(name) }
    app.get("/hello", Query("name", String.self)) { name in HTML("<p>Hello, \(HTML.escaped(name))!</p>") }
    let handouts = ["2025/slides": "\(folder)/slides.txt"]
    app.get("/handouts/{name:path}", Path("name", String.self)) { name in
        guard let file = handouts[name] else { throw HTTPError(.notFound) }
        return FileResponse(file)
    }
    app.get("/ticks", ContextInput()) { context in
        EventStream { events in
            for tick in 1... {
                try await events.send("\(tick)", id: "\(tick)")
                try await context.sleep(for: interval)
            }
        }
    }
    app.get("/scores") {
        JSONLines([String: Int].self) { lines in
            for score in 1...2 { try await lines.write(["score": score]) }
        }
    }

    app.post("/login", Form("name", String.self), ResponseInput()) { name, response in
        response.setCookie(SetCookie("session", name, httpOnly: true))
        return ["message": "Welcome"]
    }
    app.get("/session", Cookie("session", String?.self)) { session in ["session": session] }

    app.post("/posters", Form("title", String.self), Upload("poster", upTo: 1 << 20)) { title, poster in
        Poster(title: title, file: poster.name, bytes: try await poster.bytes().count)
    }
    app.post("/walls/{id}", Path("id", Int.self), Upload("poster")) { id, poster in
        try await poster.save(to: "\(folder)/\(id).png")
    }
    app.put("/films/{id}", Path("id", Int.self), BodyStream("video/mp4", upTo: 1 << 30), ContextInput()) {
        id, film, context in
        ["bytes": try await film.save(to: "\(folder)/\(id).mp4", on: context)]
    }
    app.post("/sheets", Upload(all: "sheet"), Upload(optional: "cover")) { sheets, cover in
        ["sheets": sheets.count, "covers": cover == nil ? 0 : 1]
    }
    return app
}
