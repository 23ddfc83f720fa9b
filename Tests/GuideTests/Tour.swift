import Crane
import CraneSQLite
import CraneTesting
import Testing

/// Commands of a text that the tests run as they stand there, each block after the one before it.
struct Tour: Sendable, CustomTestStringConvertible {
    /// What answers at `http://127.0.0.1:8000`.
    enum Server: Sendable {
        case none
        /// `livetalk serve`, with a database of its own.
        case livetalk
        /// A file of the repository, compiled anew.
        case program(String)
        /// One that is told its port as an argument: a file, or a package's folder.
        case service(String)
        /// An application of these tests.
        case app(@Sendable (_ folder: String) throws -> App)
    }

    let document: String
    /// The heading that the commands stand under; any without one.
    var section: String?
    let server: Server
    /// What must be done before.
    var preparation: String?
    /// Places that the text names, which lie in the test's folder.
    var places: [String] = []

    var testDescription: String { section.map { "\(document), \($0)" } ?? document }

    func covers(_ path: String, _ block: Document.Block) -> Bool {
        path == document && (section == nil || section == block.section)
    }

    static let all: [Tour] = [
        Tour(document: "README.md", section: "A tour with curl", server: .livetalk),
        Tour(
            document: "README.md", section: "Crane in one file",
            server: .program("Tests/GuideTests/Programs/Greeter.swift")),
        Tour(
            document: "Docs/Deployment.md", section: "Backup", server: .none,
            preparation: "livetalk migrate --database-url sqlite:////var/lib/livetalk/comments.db",
            places: ["/var/lib/livetalk", "/var/backups"]),
        chapter("FirstApplication", .program("Tests/GuideTests/Programs/Comments.swift")),
        chapter("Schemas", .app { _ in bookingsApp() }),
        chapter("Responses", .app { responsesApp(folder: $0) }),
        chapter("Errors", .app { _ in errorsApp() }),
        chapter("Files", .app { try filesApp(folder: $0) }),
        chapter(
            "Routers",
            .app { _ in
                var app = conferenceApp()
                largest(in: &app)
                return app
            }),
        chapter("Services", .app { _ in commentsApp(try openDatabase(.memory)) }),
        chapter("Dependencies", .app { _ in limitedApp() }),
        chapter("Authentication", .app { _ in schemesApp() }),
        chapter("Waiting", .app { _ in pingsApp() }),
        chapter("Middleware", .app { _ in guardedApp() }),
        chapter("Sessions", .app { _ in cartApp() }),
        chapter("Mounting", .app { _ in bookmarksApp() }),
        chapter("BackgroundTasks", .app { _ in tasksApp() }),
        chapter("Lifespan", .app { _ in poolApp() }),
        chapter("HTTPClient", .app { _ in servedWeatherApp() }),
        chapter("Webhooks", .app { _ in receiverApp() }),
        chapter("Celery", .app { try celeryApp(folder: $0) }),
        chapter("Jobs", .program("Tests/GuideTests/Programs/Orders.swift")),
        chapter("Feeds", .app { _ in scoresApp() }), chapter("Pages", .app { _ in try boardApp() }),
        chapter("Metrics", .app { _ in countedApp() }),
        chapter("RunningAsAService", .service("Examples/links/Sources/Links/main.swift")),
        chapter("Development", .none),
        Tour(document: "Docs/Cookbook.md", server: .app { try cookbookApp(folder: $0) }),
        example("hello", "Hello"), example("todo", "Todo"), example("chat", "Chat"),
        Tour(document: "Examples/Bookmarks/README.md", server: .service("Examples/Bookmarks")),
        Tour(
            document: "Examples/links/README.md",
            server: .service("Examples/links/Sources/Links/main.swift")),
    ]

    private static func example(_ folder: String, _ target: String) -> Tour {
        Tour(
            document: "Examples/\(folder)/README.md",
            server: .program("Examples/\(folder)/Sources/\(target)/main.swift"))
    }

    private static func chapter(_ name: String, _ server: Server) -> Tour {
        Tour(document: "Docs/Guide/\(name).md", server: server)
    }
}
