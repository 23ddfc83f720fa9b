import CraneHTTP
import CraneSystem
import Synchronization

/// An event as it goes out: framed once for each kind of subscriber, on first need, and shared by all of them and all loops.
final class FeedFrame: Sendable {
    let sequence: Int
    let previous: Int
    let key: String?
    let json: String
    private let made = Mutex(Made())

    private struct Made {
        var text: SharedBytes?
        var deflated: SharedBytes?
        var event: (bytes: SharedBytes, head: Int)?
    }

    init(sequence: Int, previous: Int, key: String?, json: String) {
        let text = json.utf8Span.span
        precondition(text.first == 0x7B && text.last == 0x7D, "the JSON of a feed's event is an object")
        let isOneLine = text.firstIndex(of: 0x0A) == nil && text.firstIndex(of: 0x0D) == nil
        precondition(isOneLine, "the JSON of a feed's event is one line")
        self.sequence = sequence
        self.previous = previous
        self.key = key
        self.json = json
    }

    /// The event with other members in its place.
    func replaced(by json: String) -> FeedFrame {
        FeedFrame(sequence: sequence, previous: previous, key: key, json: json)
    }

    /// What it counts for where memory is bounded.
    var byteCount: Int { json.utf8.count + 64 }

    /// What clients are sent.
    var message: String {
        let members = json.dropFirst()
        return "{\"seq\":\(sequence),\"prev\":\(previous)" + (members == "}" ? "" : ",") + members
    }

    /// Appends the frame of a kind to what leaves together. Allocates on first need, for all.
    func append(to pieces: SharedPieces, _ kind: FeedKind, epoch: String) {
        switch kind {
        case .webSocket: pieces.append(text)
        case .deflated: pieces.append(deflated)
        case .eventStream: pieces.append(event(epoch).bytes)
        case .plainEventStream:
            // The same without the chunk around it.
            let (bytes, head) = event(epoch)
            pieces.append(bytes, from: head, to: bytes.count - 2)
        }
    }

    private var text: SharedBytes {
        made.withLock { made in
            if let text = made.text { return text }
            let text = FeedFrame.shared { FrameWriter.write(message, to: $0) }
            made.text = text
            return text
        }
    }

    /// Compressed without reference to what went before, so that it is the same for all (RFC 7692, section 7.1.1.1).
    private var deflated: SharedBytes {
        made.withLock { made in
            if let deflated = made.deflated { return deflated }
            let deflated = FeedFrame.shared { FeedFrame.deflate(message, to: $0) }
            made.deflated = deflated
            return deflated
        }
    }

    private func event(_ epoch: String) -> (bytes: SharedBytes, head: Int) {
        made.withLock { made in
            if let event = made.event { return event }
            let event = FeedFrame.chunk(
                ServerSentEvent(message, id: FeedPosition(epoch: epoch, sequence: sequence).text))
            made.event = event
            return event
        }
    }

    // MARK: Making frames

    static func shared(_ body: (OutputBuffer) -> Void) -> SharedBytes {
        let output = OutputBuffer(capacity: 512)
        body(output)
        return SharedBytes(output)
    }

    /// A frame of one chunk (RFC 9112, section 7.1), and how long the line before the event is.
    static func chunk(_ event: ServerSentEvent) -> (bytes: SharedBytes, head: Int) {
        var head = 0
        let bytes = shared { output in
            let text = event.bytes
            output.append(hexadecimal: UInt64(text.count))
            output.append("\r\n")
            head = output.count
            output.append(text)
            output.append("\r\n")
        }
        return (bytes, head)
    }

    private static func deflate(_ message: String, to output: OutputBuffer) {
        let deflater = Deflater.take(bits: FeedKind.deflateBits)
        defer { deflater.giveBack() }
        var message = message
        message.withUTF8 { text in
            // The text outlives the call, and what the deflater has made the next one.
            let payload = UnsafeRawBufferPointer(text)
            let isShorter =
                unsafe deflater.compressMessage(payload, after: []) && deflater.output.count < payload.count
            if isShorter {
                unsafe FrameWriter.write(.text, deflater.output.bytes, isCompressed: true, to: output)
            } else {
                unsafe FrameWriter.write(.text, payload, to: output)
            }
        }
    }
}

/// How a subscriber is spoken to.
enum FeedKind: UInt8, Sendable {
    case webSocket
    /// A WebSocket whose messages are compressed, each by itself (RFC 7692).
    case deflated
    /// Server-sent events in chunks.
    case eventStream
    /// The same to HTTP/1.0, which knows no chunks.
    case plainEventStream

    /// The base-2 logarithm of the window within which messages are compressed.
    static let deflateBits = 12

    var isWebSocket: Bool { self == .webSocket || self == .deflated }
}
