public import CraneHTTP
import CraneSystem
import HTTPTypes

/// Writes one line for each request, when its response's head is known; for a streamed response when the stream has ended.
///
/// As text `2026-11-22T10:27:46.435Z 192.0.2.1:4711 - GET - /comments/ - 200 completed after 0.000123s`, as JSON an object
/// with `time`, `client`, `method`, `path`, `route`, `status`, `bytes`, `seconds`, `request_id`, `user_agent` and
/// `referer`; a field that is not known is `null`. The path is logged as it was sent, without its query. Text allocates
/// nothing. A stream that was cut, by its producer's error or its client's going, is `aborted` instead of `completed`; in JSON
/// its line has `"aborted":true` at the end, and `bytes` is what a stream has written. What the server refuses before it is a
/// request has a line too, with the peer's own address, `-` for what is not known of method and path, and `refused` instead of
/// a duration.
public struct AccessLog: SynchronousMiddleware {
    private let sink: LogSink

    /// - Parameter sink: where lines go; its format is the lines' format.
    public init(_ sink: LogSink) {
        self.sink = sink
    }

    public func enter(_ request: Request, _ context: Context) -> Response? {
        context.begin()
        return nil
    }

    public func leave(_ request: Request, _ context: Context, _ response: inout Response) {
        if response.isStreamed, !request.isHead, !response.status.forbidsContent {
            return follow(request, context, &response)
        }
        write(request, context, response.status.code, response.body.length, isWhole: true)
    }

    /// - Parameter isWhole: whether the response was not cut.
    func write(_ request: Request, _ context: Context, _ status: Int, _ length: Int?, isWhole: Bool) {
        let duration = context.duration
        switch sink.format {
        case .text: writeText(request, context, status, duration, isWhole)
        case .json: writeJSON(request, context, status, length, duration, isWhole)
        }
    }

    private func writeText(
        _ request: Request, _ context: Context, _ status: Int, _ duration: UInt64, _ isWhole: Bool
    ) {
        let client = context.client
        let room = 192 + 6 * min(request.rawPathBytes.count, LogLine.valueLimit)
        LogLine.append(to: sink, room: room) { line in
            begin(&line)
            line.append(client)
            line.append(" - ")
            line.append(request.methodBytes, escape: .text)
            line.append(" - ")
            line.append(request.rawPathBytes, escape: .text)
            line.append(" - ")
            line.append(decimal: UInt64(status))
            line.append(isWhole ? " completed after " : " aborted after ")
            line.append(seconds: duration)
            line.append("s")
        }
    }

    private func begin(_ line: inout LogLine) {
        if sink.isJournal {
            line.append("<6>")
        } else {
            line.append(time: SystemTime.coarseWall())
            line.append(UInt8(ascii: " "))
        }
    }

    private func beginJSON(_ line: inout LogLine) {
        if sink.isJournal {
            line.append("<6>{\"client\":\"")
        } else {
            line.append("{\"time\":\"")
            line.append(time: SystemTime.coarseWall())
            line.append("\",\"client\":\"")
        }
    }

    private func writeJSON(
        _ request: Request, _ context: Context, _ status: Int, _ length: Int?, _ duration: UInt64,
        _ isWhole: Bool
    ) {
        let client = context.client
        let requestID = context.requestID
        let route = context.route
        LogLine.append(to: sink, room: 1024 + 4 * 6 * LogLine.valueLimit) { line in
            beginJSON(&line)
            line.append(client)
            line.append("\",\"method\":\"")
            line.append(request.methodBytes, escape: .json)
            line.append("\",\"path\":\"")
            line.append(request.rawPathBytes, escape: .json)
            line.append("\",\"route\":")
            line.append(json: route)
            line.append(",\"status\":")
            line.append(decimal: UInt64(status))
            line.append(",\"bytes\":")
            if let length {
                line.append(decimal: UInt64(length))
            } else {
                line.append("null")
            }
            line.append(",\"seconds\":")
            line.append(seconds: duration)
            line.append(",\"request_id\":")
            line.append(json: requestID)
            line.append(",\"user_agent\":")
            line.append(json: .userAgent, of: request)
            line.append(",\"referer\":")
            line.append(json: .referer, of: request)
            line.append(isWhole ? "}" : ",\"aborted\":true}")
        }
    }
}

extension AccessLog {
    /// Logs a response that the server gave by itself, which passes through no middleware.
    ///
    /// - Parameter request: what is known of it; method and path are empty when they are not.
    func noteRefusal(of request: Request?, from peer: PeerAddress, status: Int) {
        let room = 256 + 2 * 6 * LogLine.valueLimit
        LogLine.append(to: sink, room: room) { line in
            switch sink.format {
            case .text:
                begin(&line)
                line.append(peer)
                line.append(" - ")
                line.append(known: request?.methodBytes, escape: .text)
                line.append(" - ")
                line.append(known: request?.rawPathBytes, escape: .text)
                line.append(" - ")
                line.append(decimal: UInt64(status))
                line.append(" refused")
            case .json:
                beginJSON(&line)
                line.append(peer)
                line.append("\",\"method\":\"")
                line.append(known: request?.methodBytes, escape: .json)
                line.append("\",\"path\":\"")
                line.append(known: request?.rawPathBytes, escape: .json)
                line.append("\",\"route\":null,\"status\":")
                line.append(decimal: UInt64(status))
                line.append(
                    ",\"bytes\":null,\"seconds\":0,\"request_id\":null,\"user_agent\":null,\"referer\":null}")
            }
        }
    }
}

extension LogLine {
    /// Appends bytes that a client chose, or `-` when there are none.
    fileprivate mutating func append(known bytes: Span<UInt8>?, escape: Escape) {
        guard let bytes, !bytes.isEmpty else { return append(UInt8(ascii: "-")) }
        append(bytes, escape: escape)
    }

    /// Appends a JSON string, or `null`.
    fileprivate mutating func append(json text: String?) {
        guard let text else { return append("null") }
        append(UInt8(ascii: "\""))
        append(text.utf8.span, escape: .json)
        append(UInt8(ascii: "\""))
    }

    /// Appends the first value of a header field as a JSON string, or `null`.
    fileprivate mutating func append(json name: HTTPField.Name, of request: Request) {
        guard let bytes = request.bytes(of: name) else { return append("null") }
        append(UInt8(ascii: "\""))
        append(bytes, escape: .json)
        append(UInt8(ascii: "\""))
    }
}
