import Crane
import CraneSchema
import Logging

/// Writes each log entry as one line of text or JSON to a sink.
///
/// For systemd's journal a priority stands in the place of the time.
/// Text: `2026-11-22T10:27:46.435120Z error livetalk: the database failed error="disk I/O error" route=/comments/`.
package struct LineLogHandler: LogHandler {
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?

    private let label: String
    private let threshold: LogThreshold
    /// This logger's own level, once it was given one.
    private var ownLevel: Logger.Level?
    private let sink: LogSink

    package init(label: String, threshold: LogThreshold, sink: LogSink) {
        self.label = label
        self.threshold = threshold
        self.sink = sink
    }

    package var logLevel: Logger.Level {
        get { ownLevel ?? threshold.level }
        set { ownLevel = newValue }
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { $1 } }
        if let own = event.metadata { all.merge(own) { $1 } }
        if let error = event.error { all["error"] = "\(error)" }
        let fields = all.sorted { $0.key < $1.key }.map { ($0.key, $0.value.description) }
        switch sink.format {
        case .text: sink.write(text(event, fields))
        case .json: sink.write(json(event, fields))
        }
    }

    private func text(_ event: LogEvent, _ fields: [(String, String)]) -> String {
        // A line stays a line whatever the values hold.
        var line = sink.isJournal ? event.level.journalPriority : "\(Timestamp.now) "
        line += "\(event.level) \(label): \(Self.oneLine(event.message.description))"
        for (name, value) in fields { line += " \(name)=\(Self.isPlain(value) ? value : Self.quoted(value))" }
        return line
    }

    private func json(_ event: LogEvent, _ fields: [(String, String)]) -> String {
        var line = sink.isJournal ? event.level.journalPriority + "{" : "{\"time\":\"\(Timestamp.now)\","
        line += "\"level\":\"\(event.level)\",\"logger\":\(Self.quoted(label))"
        line += ",\"message\":\(Self.quoted(event.message.description))"
        for (name, value) in fields { line += ",\(Self.quoted(name)):\(Self.quoted(value))" }
        return line + "}"
    }

    /// As a JSON string, with the controls above ASCII escaped too, for the sake of terminals.
    private static func quoted(_ text: String) -> String {
        var quoted = ""
        for scalar in JSONValue.string(text).json.unicodeScalars {
            if (0x7F...0x9F).contains(scalar.value) {
                quoted += "\\u00" + String(scalar.value, radix: 16)
            } else {
                quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted
    }

    private static func oneLine(_ text: String) -> Substring {
        quoted(text).dropFirst().dropLast()
    }

    private static func isPlain(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0 > 32 && $0 < 127 && $0 != UInt8(ascii: "\"") }
    }
}
