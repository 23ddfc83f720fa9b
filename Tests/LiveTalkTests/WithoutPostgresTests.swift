#if !POSTGRES
import CraneService
import Logging
import Testing

@testable import LiveTalk

@Suite("A build without PostgreSQL")
struct WithoutPostgresTests {
    @Test("says so at a start that needs it, and repeats no password")
    func refuses() throws {
        var settings = Settings()
        settings.databaseURL = try #require(DatabaseURL("postgresql://ada:secret@db.example/talk"))
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let error = #expect(throws: StartError.self) {
            _ = try LiveTalkService(settings, ServiceContext("LiveTalk", logger: logger))
        }
        #expect(
            "\(try #require(error))" == "this livetalk was built without PostgreSQL (LIVETALK_POSTGRES=0)")
        #expect(!"\(settings.databaseURL)".contains("secret"))
    }

    @Test("has the commands for users and jobs say that they are kept in a file")
    func commands() throws {
        var settings = Settings()
        settings.databaseURL = try #require(DatabaseURL("postgresql://db.example/talk"))
        #expect(throws: StartError.self) { _ = try UserAdministration(settings) }
        #expect(throws: StartError.self) { _ = try JobAdministration(settings) }
    }
}
#endif
