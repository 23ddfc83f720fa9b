import ArgumentParser
import CraneService
import LiveTalk

/// `livetalk demo`: a talk with made-up people in it, until SIGTERM or SIGINT.
struct DemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Serve a talk in which made-up people comment and vote.",
        discussion: """
            Comments in many languages arrive and are voted on, and a moderator approves, hides and stages them; whoever \
            opens the pages takes part. The database is in memory and goes with the process, unless --keep names one.

            No .env file is read. With a host that others can reach, every host name is answered to, so that phones in \
            the room can join.
            """)

    @Option(help: "The host name or address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "The port to listen on; 0 lets the system choose.")
    var port = "8000"

    @Option(help: "The same number makes the same things happen in the same order.")
    var seed: UInt64 = 1

    @Option(help: "Comments a minute, up to 600; 0 for a room that holds still.")
    var rate = 12

    @Option(
        help:
            "Keep the talk in this database file, which must not be there yet, or in an empty postgresql://…")
    var keep: String?

    func validate() throws {
        guard 0...600 ~= rate else { throw ValidationError("--rate is a number from 0 to 600") }
    }

    func run() throws {
        try DemoService.serve(host: host, port: port, keep: keep, seed: seed, rate: rate)
    }
}
