import ArgumentParser
import CraneService
import CraneSystem
import LiveTalk

/// `livetalk jobs drain`.
struct JobsDrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drain",
        abstract: "Pause all queues, and wait until no job runs any more; livetalk jobs resume goes on.")

    @Option(help: "Seconds to wait at most; the queues stay paused.")
    var timeout = 60

    @OptionGroup var options: DatabaseOptions

    func validate() throws {
        guard (0...86_400).contains(timeout) else {
            throw ValidationError("--timeout is a number from 0 to 86400")
        }
    }

    func run() throws {
        try options.withJobs { try $0.pause(nil) }
        let settings = try options.settings()
        let end = ContinuousClock.now + .seconds(timeout)
        while true {
            let running = try JobAdministration.running(settings)
            if running == 0 { return try StandardStreams.write("paused all queues; no job runs") }
            guard ContinuousClock.now < end else {
                throw StartError("\(running) jobs still run; the queues stay paused")
            }
            usleep(200_000)
        }
    }
}
