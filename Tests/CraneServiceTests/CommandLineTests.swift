import Crane
import Foundation
import TestSupport
import Testing

@testable import CraneService

@Suite("The command line of a service")
struct CommandLineTests {
    private typealias Arguments = ServiceArguments<Board.Settings>

    private func mistake(_ arguments: String...) -> String? {
        do {
            _ = try Arguments(arguments)
            return nil
        } catch {
            return error.description
        }
    }

    @Test("suggests the command or the flag that was meant, if any is near")
    func suggestions() {
        #expect(mistake("serv") == #"there is no command "serv"; did you mean serve?"#)
        #expect(mistake("route") == #"there is no command "route"; did you mean routes?"#)
        #expect(mistake("deploy") == #"there is no command "deploy""#)
        #expect(mistake("--prot", "80") == #"unknown option "--prot"; did you mean --port?"#)
        #expect(mistake("--log-levle=info") == #"unknown option "--log-levle"; did you mean --log-level?"#)
        #expect(mistake("--colour", "red") == #"unknown option "--colour""#)
        #expect(mistake("completions") == "completions are for one of bash, zsh, fish")
        #expect(mistake("completions", "tcsh") == "completions are for one of bash, zsh, fish")
    }

    @Test("has a help with every setting and the default that it really has")
    func help() throws {
        let help = Arguments.help("board")
        for line in [
            "  --title (BOARD_TITLE): a title; default Status",
            "  --port (BOARD_PORT): a port from 0 to 65535; default 8000",
            "  --allowed-hosts (BOARD_ALLOWED_HOSTS): a comma list of names without ports, *.name, or *; default localhost,127.0.0.1,[::1]",
            "  --unix-socket (BOARD_UNIX_SOCKET): a path of at most 107 bytes, or nothing; empty unless set",
            "  --unix-socket-mode (BOARD_UNIX_SOCKET_MODE): octal digits such as 660; default 660",
            "  --rate-limit (BOARD_RATE_LIMIT): COUNT/SECONDS such as 100/60, or off; default off",
            "  --memory-budget (BOARD_MEMORY_BUDGET): mebibytes from 16 to 1048576; default 256",
            "  --access-log (BOARD_ACCESS_LOG): off, stderr or the path of a file; default stderr",
            "  --log-format (BOARD_LOG_FORMAT): one of text, json; default text",
            "  --cors-allow-credentials (BOARD_CORS_ALLOW_CREDENTIALS): true or false; default false",
        ] { #expect(help.split(separator: "\n").contains { $0 == line }, "\(line) is not in\n\(help)") }
        for setting in Board.Settings.catalog.all {
            let text = try #require(setting.spelling(in: Board.Settings()), "\(setting.name)")
            #expect(throws: Never.self) { try Board.Settings(environment: [setting.name: text]) }
        }
        // Not only of defaults.
        let settings = try Board.Settings(environment: [
            "BOARD_RATE_LIMIT": "5/60", "BOARD_ALLOWED_HOSTS": "*", "BOARD_WORKERS": "3",
            "BOARD_ACCESS_LOG": "off",
        ])
        let spelt = Board.Settings.catalog.all.reduce(into: [:]) { $0[$1.name] = $1.spelling(in: settings) }
        #expect(spelt["BOARD_RATE_LIMIT"] == "5/60" && spelt["BOARD_ALLOWED_HOSTS"] == "*")
        #expect(spelt["BOARD_WORKERS"] == "3" && spelt["BOARD_ACCESS_LOG"] == "off")
    }

    @Test("lists the routes in columns")
    func routes() {
        var app = App()
        app.get("/") { "x" }
        app.delete("/entries/{id}", Path("id", Int.self), HTTPBearer()) { _, _ in }.name("remove_entry")
        app.webSocket("/live") { _ in }
        #expect(
            RouteTable(app).description == """
                GET     /              Get
                DELETE  /entries/{id}  Remove Entry  HTTPBearer
                WS      /live
                """)
    }

    @Test(
        "is completed by bash",
        arguments: [
            (["he"], ["health", "help"]), (["completions", ""], ["bash", "zsh", "fish"]),
            (["serve", "--tit"], ["--title"]),
            (["--env"], ["--env-file"]),
        ])
    func bash(_ words: [String], _ expected: [String]) throws {
        let script = """
            \(Arguments.completions("board").script(for: .bash))
            COMP_WORDS=(board \(words.map { "'\($0)'" }.joined(separator: " ")))
            COMP_CWORD=\(words.count)
            _board
            echo "${COMPREPLY[@]}"
            """
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: "/bin/bash")
        process.arguments = ["-c", script]
        process.standardOutput = pipe
        try process.start()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(output.split(whereSeparator: \.isWhitespace).map(String.init) == expected)
    }

    @Test("is completed by zsh and fish with the same words")
    func shells() {
        let completions = Arguments.completions("board")
        for shell in [Completions.Shell.zsh, .fish] {
            let script = completions.script(for: shell)
            #expect(script.contains("serve health routes completions help version"))
            for flag in completions.flags { #expect(script.contains(flag.dropFirst(2)), "\(flag)") }
        }
        #expect(completions.script(for: .zsh).hasPrefix("#compdef board\n"))
    }
}
