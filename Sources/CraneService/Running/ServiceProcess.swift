import CraneSystem

/// How a service's program begins, and how it ends when it fails.
package enum ServiceProcess {
    /// The status for a bad command line (sysexits.h, EX_USAGE).
    package static let usageStatus: Int32 = 64

    /// Puts signals and standard streams in order; before anything else is opened.
    package static func prepare() {
        SignalSetup.prepare()
        StandardStreams.prepare()
    }

    /// Says on standard error why the command failed, in a line without secrets, and ends the process.
    package static func fail(_ command: String, _ message: String, status: Int32 = 1) -> Never {
        let isJournal = Journal.readsStandardError(environment: ProcessEnvironment.variables())
        let text = Secrets.masked(message: message)
        StandardStreams.writeError("\(isJournal ? "<3>" : "")\(command): \(text)\n")
        exit(status)
    }
}
