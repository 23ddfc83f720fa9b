// The tasks whose lines Docs/FastAPI.md counts, beside `Programs/comparison.py`.
import Crane
import CraneTesting
import Foundation
import Synchronization
import Testing

// task: a JSON body in and out
private struct NewNote: Described {
    var text: String
    var tags: [String]?
    static let rules = Rules<Self> { $0.text(.string(minLength: 1, maxLength: 200)) }
}
private struct Note: Described {
    let id: Int
    let text: String
    let tags: [String]
}
// end

// task: a bearer token and a protected route
private let user = Dependency(HTTPBearer()) { token in
    guard token.credentials == "secret" else { throw HTTPError(.unauthorized, "Invalid token") }
    return "ada"
}
// end

private func tasksOfComparison(folder: String) -> App {
    var app = App()
    // task: a path and a bounded query
    app.get(
        "/hello/{name}", Path("name", String.self), Query("times", .int(in: 1...5), default: 1)
    ) { name, times in
        ["message": Array(repeating: "Hello, \(name)!", count: times).joined(separator: " ")]
    }
    // task: a JSON body in and out
    app.post("/notes", Body(NewNote.self)) { note in
        Note(id: 1, text: note.text, tags: note.tags ?? [])
    }.status(.created)
    // task: a bearer token and a protected route
    app.get("/me", user) { user in ["user": user] }
    // task: a file to the disk, and back with ranges
    let name = Path("name", .string(pattern: "^[a-z]+$"))
    app.post("/files/{name}", name, Upload("file")) { name, file in
        try await file.save(to: "\(folder)/\(name)")
        return ["bytes": file.size]
    }
    app.get("/files/{name}", name) { name in FileResponse("\(folder)/\(name)") }
    // task: a room of WebSockets
    let members = Mutex<[ObjectIdentifier: WebSocket]>([:])
    app.webSocket("/room") { socket in
        members.withLock { $0[ObjectIdentifier(socket)] = socket }
        defer { members.withLock { _ = $0.removeValue(forKey: ObjectIdentifier(socket)) } }
        for await case .text(let text) in socket {
            for member in members.withLock({ Array($0.values) }) { member.post(.text(text)) }
        }
    }
    // task: a folder of files
    app.files("/static", in: folder)
    // task: compression
    app.middleware = [Compression()]
    // task: a 422 of one's own
    app.onError(RequestValidationError.self) { error, _, _ in
        .json(["issues": error.issues], status: .badRequest)
    }
    // task: server-sent events
    app.get("/ticks", ContextInput()) { context in
        EventStream { events in
            for tick in 0... {
                try await events.send("\(tick)", id: "\(tick)")
                try await context.sleep(for: .seconds(1))
            }
        }
    }
    // end
    return app
}

// task: a test with another dependency
@Test("says who I am")
func whoIAm() async throws {
    var app = tasksOfComparison(folder: ".")
    app.override(user) { "grace" }
    #expect(try await TestClient(app).get("/me").json() == ["user": "grace"])
}
// end

@Suite("The comparison with FastAPI")
struct ComparisonTests {
    /// The lines of each task, without blank ones and comments.
    private static func counts(_ path: String, comment: String) throws -> [String: Int] {
        var counts: [String: Int] = [:]
        var task: String?
        for line in try Document(path).text.split(separator: "\n") {
            let text = line.drop { $0 == " " }
            if text.hasPrefix("\(comment) task: ") {
                task = String(text.dropFirst(comment.count + 7))
            } else if text == "\(comment) end" {
                task = nil
            } else if let task, !text.isEmpty, !text.hasPrefix(comment) {
                counts[task, default: 0] += 1
            }
        }
        return counts
    }

    @Test("counts the lines that its table has, which are at most 1.3 times as many in Crane")
    func lines() throws {
        let crane = try Self.counts("Tests/GuideTests/Comparison.swift", comment: "//")
        let fastAPI = try Self.counts("Tests/GuideTests/Programs/comparison.py", comment: "#")
        #expect(crane.count == 10 && Set(crane.keys) == Set(fastAPI.keys))
        let document = try Document("Docs/FastAPI.md").text
        for (task, count) in crane {
            let row =
                "| \(task.prefix(1).uppercased())\(task.dropFirst()) | \(fastAPI[task] ?? 0) | \(count) |"
            #expect(document.contains(row + "\n"), "\(row)")
        }
        let sums = (fastAPI.values.reduce(0, +), crane.values.reduce(0, +))
        #expect(document.contains("| *all ten* | \(sums.0) | \(sums.1) |\n"), "\(sums)")
        #expect(Double(sums.1) <= 1.3 * Double(sums.0))
    }

    @Test("is of code that does what it says")
    func works() async throws {
        let folder = try TemporaryFolder()
        let client = TestClient(tasksOfComparison(folder: folder.url.path))
        #expect(try await client.get("/hello/ada?times=2").json() == ["message": "Hello, ada! Hello, ada!"])
        #expect(try await client.get("/hello/ada?times=9").status == .badRequest)
        let note = try await client.post("/notes", json: ["text": "Milk"])
        #expect(note.status == .created)
        #expect(try note.json() == ["id": 1, "text": "Milk", "tags": []])
        let refused = try await client.post("/notes", json: ["text": ""]).json()
        guard case .array(let issues)? = refused["issues"] else { return #expect(Bool(false), "\(refused)") }
        #expect(issues.count == 1)
        #expect(
            try await client.get("/me", headers: [.authorization: "Bearer secret"]).json() == ["user": "ada"])
        let body =
            "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\nPNG\r\n--b--\r\n"
        let upload = TestRequest(
            .post, "/files/picture", headers: [.contentType: "multipart/form-data; boundary=b"],
            body: Array(body.utf8))
        #expect(try await client.send(upload).json() == ["bytes": 3])
        let part = try await client.get("/files/picture", headers: [.range: "bytes=1-"])
        #expect(part.status == .partialContent && part.text == "NG")
        #expect(try await client.get("/static/picture").text == "PNG")
        let (first, second) = (try await client.webSocket("/room"), try await client.webSocket("/room"))
        // Who hears what they have said is in the room.
        try await first.send("hello")
        while try await first.next() != .text("hello") {}
        try await second.send("hi")
        for member in [first, second] { while try await member.next() != .text("hi") {} }
    }
}
