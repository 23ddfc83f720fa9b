// The recipes of Docs/Cookbook.md about what goes out.
import Crane

private struct Measure: SchemaRepresentable {
    let hour: Int
    let degrees: Double

    static let schema = Object(Measure.init) {
        Field("hour", \.hour)
        Field("degrees", \.degrees)
    }
}

/// Answers may be kept by anybody for a minute.
private struct CacheForAMinute: SynchronousMiddleware {
    func leave(_ request: Request, _ context: Context, _ response: inout Response) {
        if response.status == .ok { response.headers[.cacheControl] = "public, max-age=60" }
    }
}

func addResponseRecipes(to app: inout App, folder: String) {
    app.post("/tickets", Query("seat", Int.self), ResponseInput()) { seat, response in
        response.setHeader(.location, "/tickets/\(seat)")
        return ["seat": seat]
    }.status(.created)

    app.get("/program.txt") {
        FileResponse("\(folder)/slides.txt", disposition: .attachment(name: "Program 2026.txt"))
    }

    app.get("/measures.csv") {
        StreamingResponse("text/csv") { writer in
            try await writer.write(Array("hour,degrees\n".utf8))
            for hour in 0..<3 { try await writer.write(Array("\(hour),\(20 - hour)\n".utf8)) }
        }
    }

    app.get("/measures") {
        JSONLines(Measure.self) { lines in
            for hour in 0..<3 { try await lines.write(Measure(hour: hour, degrees: 20)) }
        }
    }

    app.get("/progress", ContextInput()) { context in
        EventStream { events in
            for percent in [0, 50, 100] {
                try await events.send("\(percent)", name: "progress", id: "\(percent)")
                try await context.sleep(for: .milliseconds(1))
            }
        }
    }

    app.get("/sign-up") {
        HTML(#"<form method="post"><input name="email" type="email" required><button>Join</button></form>"#)
    }.hidden()
    app.post("/sign-up", Form("email", .string(pattern: "@"))) { email in
        RedirectResponse(to: "/welcome?email=\(email)", status: .seeOther)
    }.hidden()
    app.get("/welcome", Query("email", String.self)) { email in
        HTML("<p>Welcome, \(HTML.escaped(email))!</p>")
    }.hidden()

    app.get("/weather") { ["degrees": 21] }.middleware(CacheForAMinute())

    app.onUnmatched { request, _ in
        .json(["error": "nothing here", "path": .string(request.path)], status: .notFound)
    }

    var strict = App(title: "Strict", errors: .problemDetails)
    strict.get("/orders/{id}", Path("id", Int.self)) { id -> [String: Int] in
        throw HTTPError(.notFound, "There is no order \(id)")
    }
    app.mount("/strict", strict)
}
