// The examples of Docs/Guide/Dependencies.md.
import Crane
import Synchronization

struct Page: SchemaRepresentable {
    let offset: Int
    let limit: Int

    static let schema = Object(Page.init) {
        Field("offset", \.offset)
        Field("limit", \.limit)
    }
}

let page = Dependency(
    Query("offset", .int(ge: 0), default: 0), Query("limit", .int(in: 1...100), default: 100)
) { offset, limit in
    Page(offset: offset, limit: limit)
}

func pagesApp() -> App {
    var app = App(title: "Pages")
    app.get("/comments", page) { page in page }
    app.get("/talks", page) { page in page }
    return app
}

final class Session: Sendable {
    static let journal = Mutex<[String]>([])

    init() { note("open") }
    func insert(_ text: String) { note("insert \(text)") }
    func end(with error: (any Error)?) { note(error == nil ? "commit" : "roll back") }
    private func note(_ line: String) { Session.journal.withLock { $0.append(line) } }
}

struct Author: SchemaRepresentable {
    let name: String
    static let schema = Object(Author.init) { Field("name", \.name) }
}

let session = Dependency {
    Session()
} cleanUp: { session, error in
    session.end(with: error)
}

let author = Dependency(session, Query("token", String.self)) { session, token in
    guard token == "secret" else { throw HTTPError(.unauthorized, "Invalid token") }
    return Author(name: "ada")
}

func sessionsApp() -> App {
    var app = pagesApp()
    app.post("/notes", session, author, Query("text", String.self)) { session, author, text in
        session.insert("\(text) by \(author.name)")
        return author
    }
    app.get("/journal") { Session.journal.withLock { $0 } }
    return app
}

final class RateLimiter: Sendable {
    private let limit: Int
    private let window: Duration
    private let requests = Mutex<[IPAddress?: [ContinuousClock.Instant]]>([:])

    init(limit: Int, window: Duration) {
        self.limit = limit
        self.window = window
    }

    func check(_ client: PeerAddress) throws {
        let now = ContinuousClock.now
        let isWithin = requests.withLock { requests in
            let recent = requests[client.ip, default: []].filter { now - $0 < window }
            requests[client.ip] = recent.count < limit ? recent + [now] : recent
            return recent.count < limit
        }
        guard isWithin else { throw HTTPError(.tooManyRequests, "Rate limit exceeded") }
    }
}

func limitedApp() -> App {
    let limiter = RateLimiter(limit: 2, window: .seconds(60))
    let limited = Dependency(ContextInput()) { context in try limiter.check(context.client) }

    var app = sessionsApp()
    app.get("/limited") { ["message": "Within rate limit"] }.dependencies(limited)
    return app
}
