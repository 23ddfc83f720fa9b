import CraneSQLite
import Foundation
import TestSupport
import Testing

@Suite("The command for users", .ownThreads)
struct UserCommandTests {
    private func run(
        _ arguments: [String], in database: String, input: String? = nil
    ) throws -> CommandProcess.Outcome {
        try CommandProcess(
            ["user"] + arguments + ["--database-url", "sqlite:///\(database)"],
            redirection: input.map { "<<END\n\($0)\nEND" }
        ).outcome()
    }

    @Test("adds, lists, changes and disables users and makes tokens")
    func life() throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let database = directory.appending(path: "users.db").path
        #expect(try run(["add", "ada"], in: database, input: "secret").output == "added user 1, ada\n")
        let again = try run(["add", "ada"], in: database, input: "secret")
        #expect(again.status == 1)
        #expect(again.errors == "livetalk: there is a user ada already\n")
        #expect(try run(["add", "bob"], in: database).status == 64)
        #expect(try run(["list"], in: database).output == "1\tada\tactive\n")
        #expect(try run(["token", "ada"], in: database).output.count == 44)
        #expect(try run(["set", "ada"], in: database).status == 64)
        #expect(try run(["set", "ada", "--moderator"], in: database).output == "ada is a moderator\n")
        #expect(try run(["list"], in: database).output == "1\tada\tactive\tmoderator\n")
        #expect(try run(["disable", "ada"], in: database).output == "disabled ada\n")
        #expect(try run(["token", "ada"], in: database).status == 1)
        #expect(try run(["disable", "zed"], in: database).errors == "livetalk: there is no user zed\n")
    }

    @Test("has the service that runs add, change and disable users and make tokens")
    func besideService() throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let database = directory.appending(path: "users.db").path
        #expect(try run(["add", "ada"], in: database, input: "secret").status == 0)
        let service = try CommandProcess(["serve", "--port", "0", "--database-url", "sqlite:///\(database)"])
        _ = try service.port()
        #expect(try run(["list"], in: database).output == "1\tada\tactive\n")
        let socket = database + "-control"
        let mode = try FileManager.default.attributesOfItem(atPath: socket)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(
            try run(["add", "bob", "--moderator"], in: database, input: "x").output == "added user 2, bob\n")
        #expect(
            try run(["add", "bob"], in: database, input: "x").errors
                == "livetalk: there is a user bob already\n")
        #expect(try run(["set", "ada", "--moderator"], in: database).output == "ada is a moderator\n")
        #expect(try run(["set", "bob", "--no-moderator"], in: database).output == "bob is no moderator\n")
        #expect(try run(["list"], in: database).output == "1\tada\tactive\tmoderator\n2\tbob\tactive\n")
        #expect(try run(["set", "bob", "--moderator"], in: database).status == 0)
        #expect(
            try run(["set", "zed", "--moderator"], in: database).errors
                == "livetalk: there is no user zed\n")
        #expect(try run(["token", "bob"], in: database).output.count == 44)
        #expect(try run(["token", "zed"], in: database).errors == "livetalk: there is no user zed\n")
        #expect(try run(["disable", "ada"], in: database).output == "disabled ada\n")
        #expect(
            try run(["list"], in: database).output
                == "1\tada\tdisabled\tmoderator\n2\tbob\tactive\tmoderator\n")
        service.signal(SIGTERM)
        #expect(service.outcome().status == 0)
        #expect(!FileManager.default.fileExists(atPath: socket))
        #expect(try run(["disable", "bob"], in: database).output == "disabled bob\n")
    }

    @Test("says that the database is in use where the service has no control socket")
    func withoutControlSocket() throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let database = directory.appending(path: "users.db").path
        let service = try CommandProcess(
            ["serve", "--port", "0", "--database-url", "sqlite:///\(database)"],
            environment: ["LIVETALK_CONTROL_SOCKET": "off"])
        _ = try service.port()
        let refused = try run(["disable", "ada"], in: database)
        #expect(refused.status == 1)
        #expect(refused.errors.contains("another process"))
        service.signal(SIGTERM)
        #expect(service.outcome().status == 0)
    }

    @Test(
        "takes no name that is empty, has blanks at its ends or leaves its line",
        arguments: [
            "", "a:b", "a\n9\troot", "a\u{1B}[31m", "ann ", "\u{A0}ann", "a\u{2028}b", "a\u{202E}b", "\u{7F}",
        ])
    func names(_ name: String) throws {
        let database = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString + ".db").path
        let outcome = try run(["add", name], in: database, input: "secret")
        #expect(outcome.status == 64)
        #expect(outcome.errors.hasPrefix("livetalk: a user's name "))
        #expect(!FileManager.default.fileExists(atPath: database))
    }

    @Test("takes names of any script, and prints those of earlier versions on their line")
    func printed() throws {
        let database = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString + ".db").path
        defer { try? FileManager.default.removeItem(atPath: database) }
        for name in ["Ada Löve", "महेश\u{200D}", "王"] {
            #expect(try run(["add", name], in: database, input: "secret").status == 0)
        }
        let file = try Database(.init(.file(database)))
        try file.transaction { connection in
            try connection.execute(
                "UPDATE user SET name = 'a' || char(10) || '9' || char(9) || 'root' WHERE id = 3")
        }
        file.close()
        #expect(
            try run(["list"], in: database).output
                == "1\tAda Löve\tactive\n2\tमहेश\u{200D}\tactive\n3\ta\\n9\\troot\tactive\n")
        #expect(try run(["disable", "a\n9\troot"], in: database).output == "disabled a\\n9\\troot\n")
        let unknown = try run(["token", "b\nlivetalk: done"], in: database)
        #expect(unknown.errors == "livetalk: there is no user b\\nlivetalk: done\n")
    }

    @Test("makes no database for a user who cannot be in it", arguments: ["token", "disable", "list"])
    func missing(_ command: String) throws {
        let database = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString + ".db").path
        let outcome = try run([command] + (command == "list" ? [] : ["nobody"]), in: database)
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains(database))
        #expect(!FileManager.default.fileExists(atPath: database))
    }

    @Test("prints the OpenAPI document of what its settings serve")
    func document() throws {
        func document(_ environment: [String: String]) throws -> [String: Any] {
            let outcome = try CommandProcess(["openapi"], environment: environment).outcome()
            #expect(outcome.status == 0)
            return try #require(
                JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        }
        let whole = try document([:])
        #expect(whole["openapi"] as? String == "3.1.0")
        let paths = try #require(whole["paths"] as? [String: Any])
        let narrow = try document(["LIVETALK_DEMO_ROUTES": "false"])
        let left = try #require(narrow["paths"] as? [String: Any])
        #expect(Set(paths.keys).subtracting(left.keys).contains("/limited"))
        #expect(left.keys.contains("/comments/"))
        let wrong = try CommandProcess(["openapi"], environment: ["LIVETALK_DEMO_ROUTES": "maybe"]).outcome()
        #expect(wrong.status == 1)
        #expect(wrong.errors.contains("LIVETALK_DEMO_ROUTES"))
    }
}
