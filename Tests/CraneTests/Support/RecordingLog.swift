import Logging

/// A log that a test can read: `level: message key=value ...`.
struct RecordingLog {
    private let notes = Notes()

    var lines: [String] { notes.all }

    var logger: Logger {
        let notes = notes
        return Logger(label: "test") { _ in Handler(notes: notes) }
    }

    struct Handler: LogHandler {
        let notes: Notes
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { $1 }
            let pairs = all.map { "\($0)=\($1)" }.sorted().joined(separator: " ")
            notes.add("\(event.level): \(event.message) \(pairs)")
        }
    }
}

/// For tests in which things fail on purpose.
let quiet = Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() }
