import Foundation
import TestSupport
import Testing

@testable import LiveTalkCommand

@Suite("The command line", .ownThreads)
struct CommandLineTests {
    @Test(
        "suggests the subcommand or the flag that was meant",
        arguments: [
            ("serv", "Unexpected argument 'serv'; did you mean serve?"),
            ("user ad ada", "2 unexpected arguments: 'ad', 'ada'; did you mean add?"),
            ("deploy", "Unexpected argument 'deploy'"),
            ("serve --prot 80", "Unknown option '--prot'. Did you mean '--port'?"),
            ("completions tcsh", "completions are for one of bash, zsh, fish"),
        ])
    func suggestions(_ line: String, _ mistake: String) throws {
        let outcome = try LiveTalkProcess.run(line.split(separator: " ").map(String.init))
        #expect(outcome.status == 64)
        #expect(outcome.error == "livetalk: \(mistake)\n")
    }

    @Test("has every setting with its default in the help of serve")
    func help() throws {
        // Lines are broken at the terminal's width.
        let help = try LiveTalkProcess.run(["serve", "--help"]).error.split(whereSeparator: \.isWhitespace)
            .joined(separator: " ")
        for line in [
            "LIVETALK_PORT: a port from 0 to 65535; default 8000", "DATABASE_URL: sqlite:///relative.db,",
            "LIVETALK_SQLITE_SYNCHRONOUS: FULL or NORMAL; default FULL",
            "LIVETALK_FEED_DAYS: days from 1 to 3650; default 7",
            "LIVETALK_CORS_ALLOW_ORIGINS: a comma list of origins like https://talks.example.com, or *; default *",
            "LIVETALK_TRUSTED_PROXIES: a comma list of addresses and CIDR blocks; default 127.0.0.0/8,::1",
        ] { #expect(help.contains(line), "\(line)") }
    }

    @Test("lists the routes of the settings, and opens no file for it")
    func routes() throws {
        let folder = TemporaryFolder()
        let outcome = try LiveTalkProcess.run(
            ["routes"], environment: ["DATABASE_URL": folder.database, "LIVETALK_DEMO_ROUTES": "false"])
        #expect(outcome.status == 0)
        let rows = outcome.error.split(separator: "\n").map { row in
            row.split(separator: "  ", omittingEmptySubsequences: true)
                .map { $0.trimmingCharacters(in: .whitespaces) }
        }
        #expect(rows.contains(["GET", "/comments/{comment_id}", "Read Comment"]))
        #expect(rows.contains { $0.first == "POST" && $0[1] == "/talks/" && $0.last == "TokenBearer" })
        #expect(rows.contains { $0.first == "WS" && $0[1] == "/chat" })
        #expect(!rows.contains { $0.count > 1 && $0[1] == "/limited" })
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
    }

    @Test("is completed by shells", arguments: ["bash", "zsh", "fish"])
    func completions(_ shell: String) throws {
        let outcome = try LiveTalkProcess.run(["completions", shell])
        #expect(outcome.status == 0)
        for word in ["routes", "backup", "database-url"] { #expect(outcome.error.contains(word), "\(word)") }
        guard shell == "bash" else { return }
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = [
            "-c",
            outcome.error + """

                COMP_WORDS=(livetalk ser)
                COMP_CWORD=1
                COMP_LINE='livetalk ser'
                COMP_POINT=${#COMP_LINE}
                _livetalk livetalk ser livetalk
                echo "${COMPREPLY[@]}"
                """,
        ]
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.start()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(output == "serve\n")
    }
}
