// The recipes of Docs/Cookbook.md about who may come in, how often, and what happens beside.
import Crane
import Synchronization

private struct Visitor: Sendable {
    let name: String
    let isEditor: Bool
}

private let visitor = Dependency(HTTPBearer()) { sent in
    switch sent.credentials {
    case "ada-token": Visitor(name: "ada", isEditor: true)
    case "bob-token": Visitor(name: "bob", isEditor: false)
    default: throw HTTPError(.unauthorized, "Invalid token", headers: [.wwwAuthenticate: "Bearer"])
    }
}

private let editor = Dependency(visitor) { visitor in
    guard visitor.isEditor else { throw HTTPError(.forbidden, "Editors only") }
    return visitor
}

private let partner = Dependency(APIKeyHeader("X-API-Key")) { key in
    guard key == "partner-key" else { throw HTTPError(.forbidden, "Unknown key") }
}

/// Numbers that somebody looks up slowly, and that are kept.
private final class Rates: Sendable {
    private let kept = Mutex(1.0)

    var current: Double { kept.withLock { $0 } }
    func refresh() { kept.withLock { $0 += 0.5 } }
}

func addGuardRecipes(to app: inout App) {
    app.get("/me", visitor) { visitor in ["name": visitor.name] }
    app.delete("/articles/{id}", Path("id", Int.self), editor) { id, editor in
        ["deleted": "\(id) by \(editor.name)"]
    }

    var partners = APIRouter(prefix: "/partners", dependencies: [partner])
    partners.get("/prices") { ["price": 9] }
    app.include(partners)

    app.post("/contact", Query("text", String.self)) { text in ["sent": text] }
        .middleware(RateLimit(2, per: .seconds(60)))

    app.get("/report", ContextInput()) { context in
        try await context.sleep(for: .seconds(10))
        return ["report": "ready"]
    }.middleware(ConcurrencyLimit(2), Timeout(.milliseconds(20)))

    var api = APIRouter(
        prefix: "/api", middleware: [CORS(allowOrigins: ["https://app.example"], allowMethods: ["GET"])])
    api.get("/time") { ["time": "noon"] }
    app.include(api)

    var secure = APIRouter(prefix: "/secure", middleware: [HTTPSRedirect()])
    secure.get("/page") { ["secure": true] }
    app.include(secure)

    app.get("/quotes") { ["price": 9] }
        .middleware(RateLimit(1, per: .seconds(60)) { request, _ in request.headers["X-API-Key"] })

    app.post("/orders", Query("item", String.self), BackgroundTasksInput(), ContextInput()) {
        item, tasks, context in
        tasks.add { context.logger.info("a mail about \(item) goes out") }
        return ["ordered": item]
    }

    app.get("/both", ContextInput()) { context in
        async let first = context.blocking { 20 }
        async let second = context.blocking { 22 }
        return ["sum": try await first + second]
    }

    let rates = app.lifespan { _ in
        Rates()
    } cleanUp: { _ in
    }
    app.background("rates") { context in
        let rates = try context.value(of: rates)
        while true {
            rates.refresh()
            try await context.sleep(for: .seconds(60))
        }
    }
    app.get("/rate", rates) { rates in ["rate": rates.current] }
}
