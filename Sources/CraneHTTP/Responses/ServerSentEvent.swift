/// A server-sent event as it goes out (WHATWG HTML, section 9.2).
///
/// ```swift
/// try await writer.write(ServerSentEvent("3:1", id: "17").bytes)
/// ```
public struct ServerSentEvent: Hashable, Sendable {
    /// The type of a body of events, which is UTF-8 by itself.
    public static let mediaType = "text/event-stream"

    /// What the browser's `onmessage` is given, line by line; an event without it is not dispatched.
    public var data: String?
    /// What kind of event it is; `message` without it.
    public var name: String?
    /// What the browser sends as `Last-Event-ID` when it connects again.
    public var id: String?
    /// How long the browser waits before it does.
    public var retry: Duration?

    public init(
        _ data: String? = nil, name: String? = nil, id: String? = nil, retry: Duration? = nil
    ) {
        self.data = data
        self.name = name
        self.id = id
        self.retry = retry
    }

    /// The event's lines, and the empty one behind them. Line breaks and NUL in `name` and `id` are left out.
    public var bytes: [UInt8] {
        let output = OutputBuffer(capacity: 64 + (data?.utf8.count ?? 0))
        write(to: output)
        // The array is a copy of its own.
        return unsafe Array(output.bytes)
    }

    package func write(to output: OutputBuffer) {
        if let retry {
            output.append("retry: ")
            output.append(decimal: ServerSentEvent.milliseconds(retry))
            output.append("\n")
        }
        if let id { ServerSentEvent.field("id: ", id, to: output) }
        if let name { ServerSentEvent.field("event: ", name, to: output) }
        if let data {
            for line in ServerSentEvent.lines(of: data) {
                output.append("data: ")
                output.append(line)
                output.append("\n")
            }
        }
        output.append("\n")
    }

    /// A comment, which no script sees: it keeps proxies from ending a connection on which nothing comes.
    public static let comment: [UInt8] = Array(":\n\n".utf8)

    private static func field(_ name: StaticString, _ value: String, to output: OutputBuffer) {
        output.append(name)
        output.append(value.utf8.filter { $0 != 0x0A && $0 != 0x0D && $0 != 0 })
        output.append("\n")
    }

    /// The lines of a text: CRLF, LF and CR each end one.
    private static func lines(of text: String) -> [[UInt8]] {
        var lines: [[UInt8]] = [[]]
        var isBehindCR = false
        for byte in text.utf8 {
            switch byte {
            case 0x0A where isBehindCR: break
            case 0x0A, 0x0D: lines.append([])
            default: lines[lines.count - 1].append(byte)
            }
            isBehindCR = byte == 0x0D
        }
        return lines
    }

    private static func milliseconds(_ duration: Duration) -> UInt64 {
        let parts = duration.components
        return UInt64(max(0, min(parts.seconds, 1 << 32))) * 1000
            + UInt64(max(0, parts.attoseconds)) / 1_000_000_000_000_000
    }
}
