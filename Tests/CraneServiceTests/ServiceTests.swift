import Crane
import CraneSystem
import CraneTesting
import Logging
import Testing

@testable import CraneService

@Suite("A service of another name")
struct ServiceTests {
    private static let quiet = Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() }

    private static func refusal(_ environment: [String: String]) -> String? {
        do {
            _ = try Board.Settings(environment: environment)
            return nil
        } catch {
            return error.description
        }
    }

    @Test("has every service's settings behind its own prefix")
    func settings() throws {
        let settings = try Board.Settings(
            flags: ["BOARD_PORT": "81"],
            environment: ["BOARD_PORT": "80", "BOARD_TITLE": "Trains", "LIVETALK_PORT": "x"])
        #expect(settings.port == 81)
        #expect(settings.title == "Trains")
        #expect(settings.allowedHosts == ["localhost", "127.0.0.1", "[::1]"])
        #expect(settings.corsAllowOrigins == [])
    }

    @Test("names what is wrong with its own words")
    func mistakes() {
        #expect(
            Self.refusal(["BOARD_PROT": "80"])
                == "BOARD_PROT in the environment is not a setting; did you mean BOARD_PORT?")
        #expect(
            Self.refusal(["BOARD_TITLE": ""]) == #"BOARD_TITLE="" in the environment: expected a title"#)
        // Kubernetes makes such a variable for a Service of the same name.
        #expect(Self.refusal(["BOARD_PORT": "tcp://10.0.0.1:80"]) == nil)
    }

    @Test("takes a reload of its own settings")
    func reload() {
        var new = Board.Settings()
        new.title = "Buses"
        new.port = 9000
        let reload = Board.Settings().reloaded(from: new)
        #expect(reload.description == "reloaded; changed BOARD_TITLE; needs a restart: BOARD_PORT")
        #expect(reload.settings.title == "Buses")
        #expect(reload.settings.port == 8000)
    }

    @Test("answers its own routes beside health and metrics, behind the host check")
    func routes() async throws {
        let context = ServiceContext(Board.name, logger: Self.quiet)
        let settings = Board.Settings()
        let board = Board(settings, context)
        let responder = board.responder(for: settings, in: context)
        let client = TestClient(InMemoryTransport(responder), host: "localhost")
        #expect(try await client.get("/").text == #""Status""#)
        #expect(try await client.get("/healthz").text == #"{"status":"alive"}"#)
        let metrics = try await client.get("/metrics").text
        #expect(
            metrics.hasPrefix(
                "# HELP board_entries Entries on the board.\n# TYPE board_entries gauge\nboard_entries 7\n"))
        #expect(metrics.contains("\nboard_connections 0\n"))
        let stranger = TestClient(InMemoryTransport(responder), host: "board.example")
        #expect(try await stranger.get("/").status == .badRequest)
        #expect(try await stranger.get("/readyz").status == .ok)
        context.readiness.beginDraining()
        #expect(try await client.get("/readyz").text == #"{"status":"draining"}"#)
    }

    @Test("asks for its own metrics on no loop, which they could hold")
    func metricsOffTheLoop() async throws {
        let context = ServiceContext(Board.name, logger: Self.quiet)
        context.metrics = { [.gauge("loop", "The loop that asks.", CurrentLoop.index ?? -1)] }
        var app = context.app(for: ServerSettings(), title: "", version: "")
        app.get("/loop") { "\(CurrentLoop.index ?? -1)" }
        let transport = try LiveTransport(app.build())
        let client = TestClient(transport, host: "localhost")
        #expect(try await client.get("/loop").text == #""0""#)
        #expect(try await client.get("/metrics").text.contains("\nboard_loop -1\n"))
        try await transport.close()
    }

    @Test("reports where it is, what it works with and what to beware of")
    func report() {
        var report = StartReport(
            facts: [("Data", "x.db")], events: ["migrated: 1"], warnings: ["beware"])
        report.pages.append(("Board", "/board"))
        let addresses: [BindAddress] = [.host("127.0.0.1", port: 80), .unix("/run/b.sock")]
        #expect(
            report.text("Board 2", addresses, workers: 3) == """
                Board 2

                  Address   http://127.0.0.1:80
                  Docs      http://127.0.0.1:80/docs
                  Board     http://127.0.0.1:80/board
                  Address   unix:/run/b.sock
                  Data      x.db
                            migrated: 1
                  Workers   3
                  Warning   beware

                Press Ctrl-C to stop.

                """)
        #expect(
            report.journalLines("Board 2", addresses, workers: 3) == """
                <6>Board 2 on 127.0.0.1:80, unix:/run/b.sock, workers: 3, data: x.db
                <6>migrated: 1
                <4>beware

                """)
    }

    @Test("reads its command line")
    func arguments() throws {
        let plain = try ServiceArguments<Board.Settings>([
            "--port", "80", "--title=A=B", "--env-file", "/etc/board.env",
        ])
        #expect(plain.command == .serve)
        #expect(plain.flags == ["BOARD_PORT": "80", "BOARD_TITLE": "A=B"])
        #expect(plain.file == "/etc/board.env")
        #expect(try ServiceArguments<Board.Settings>(["health", "--port", "80"]).command == .health)
        #expect(try ServiceArguments<Board.Settings>(["serve", "--help"]).command == .help)
        let completions = try ServiceArguments<Board.Settings>(["completions", "zsh"])
        #expect(completions.command == .completions && completions.shell == .zsh)
        for (arguments, reason) in [
            (["start"], #"there is no command "start""#),
            (["--prot", "80"], #"unknown option "--prot"; did you mean --port?"#),
            (["--port"], "a value is missing behind --port"),
        ] {
            let mistake = #expect(throws: ServiceArguments<Board.Settings>.Mistake.self) {
                try ServiceArguments<Board.Settings>(arguments)
            }
            #expect(mistake?.description == reason)
        }
    }
}
