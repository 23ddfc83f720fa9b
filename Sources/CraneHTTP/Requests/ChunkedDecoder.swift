import CraneSystem
package import HTTPTypes

/// Takes a chunked body apart (RFC 9112, section 7.1), resumable at any byte.
///
/// Strict: CRLF only, at most 16 hexadecimal digits, extensions by their grammar and bounded over the whole body, trailer
/// fields checked like header fields. Allocates only for trailer fields. After an error the connection is of no more use.
package struct ChunkedDecoder {
    private enum Stage: UInt8 {
        case size, extensions, sizeLineFeed, data, dataReturn, dataLineFeed, trailers, complete
    }

    private let limits: WireLimits
    private var stage = Stage.size
    private var digits: UInt8 = 0
    private var remaining: UInt64 = 0
    private var extensions = ChunkExtensions()
    private var extensionBytes = 0
    private var trailerBytes: [UInt8] = []
    private var scanner = FieldScanner(position: 0)
    /// The trailer fields that may stand there; the others are dropped (RFC 9110, section 6.5.1).
    package private(set) var trailers = HTTPFields()
    private var trailerCount = 0

    package init(limits: WireLimits) {
        self.limits = limits.clamped
    }

    /// Whether the body, its trailer section included, has been read.
    package var isComplete: Bool { stage == .complete }

    /// Calls `sink` with each run of body bytes and returns the bytes consumed: all of `input` until the body is complete.
    package mutating func decode(
        _ input: UnsafeRawBufferPointer, _ sink: (UnsafeRawBufferPointer) -> Void
    ) throws(WireError) -> Int {
        var index = 0
        while index < input.count {
            switch stage {
            case .data:
                let run = Int(min(remaining, UInt64(input.count - index)))
                unsafe sink(UnsafeRawBufferPointer(rebasing: input[index..<(index + run)]))
                index += run
                remaining -= UInt64(run)
                if remaining == 0 { stage = .dataReturn }
            case .trailers:
                index += try unsafe readTrailers(UnsafeRawBufferPointer(rebasing: input[index...]))
            case .complete:
                return index
            default:
                try read(unsafe input[index])
                index += 1
            }
        }
        return index
    }

    /// Reads one byte of a chunk's line, or of the line end behind its data.
    private mutating func read(_ byte: UInt8) throws(WireError) {
        switch stage {
        case .size: try readSize(byte)
        case .extensions:
            extensionBytes += 1
            guard extensionBytes <= limits.chunkExtensionBytes else {
                throw WireError(status: 413, reason: "chunk extensions over the limit")
            }
            if try extensions.read(byte) { stage = .sizeLineFeed }
        case .sizeLineFeed:
            guard byte == 10 else { throw .malformed("a chunk size that does not end in CRLF") }
            stage = remaining == 0 ? .trailers : .data
        case .dataReturn:
            guard byte == 13 else { throw .malformed("chunk data longer than its size") }
            stage = .dataLineFeed
        case .dataLineFeed:
            guard byte == 10 else { throw .malformed("chunk data that does not end in CRLF") }
            (digits, remaining, stage) = (0, 0, .size)
        case .data, .trailers, .complete: break
        }
    }

    private mutating func readSize(_ byte: UInt8) throws(WireError) {
        if let digit = byte.hexValue {
            digits += 1
            // Sizes stay below 2^63 and fit every integer they meet.
            guard digits <= 16, remaining < 1 << 59 else { throw .malformed("a chunk size that is too long") }
            remaining = remaining << 4 | UInt64(digit)
            return
        }
        guard digits > 0 else { throw .malformed("a chunk without a size") }
        if byte == 13 {
            stage = .sizeLineFeed
        } else {
            stage = .extensions
            extensions = ChunkExtensions()
            try read(byte)
        }
    }

    /// Collects the trailer section and scans it as it grows; returns the bytes of `input` that belonged to it.
    private mutating func readTrailers(_ input: UnsafeRawBufferPointer) throws(WireError) -> Int {
        let held = trailerBytes.count
        // Most bodies have none.
        if held == 0, input.count >= 2, unsafe input[0] == 13, unsafe input[1] == 10 {
            stage = .complete
            return 2
        }
        let room = limits.headerBytes - held
        unsafe trailerBytes.append(contentsOf: input.prefix(room))
        let (bytes, count) = (trailerBytes, trailerBytes.count)
        var failure: WireError?
        unsafe bytes.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress else { return }
            do throws(WireError) {
                try unsafe scanTrailers(base, count)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        if isComplete {
            trailerBytes = []
            return scanner.position - held
        }
        if count == limits.headerBytes {
            throw WireError(status: 431, reason: "trailer fields over the limit")
        }
        return input.count
    }

    private mutating func scanTrailers(_ base: UnsafeRawPointer, _ count: Int) throws(WireError) {
        while true {
            switch try unsafe scanner.next(base, count) {
            case .end:
                stage = .complete
                return
            case .more: return
            case .line(let line):
                trailerCount += 1
                guard trailerCount <= limits.headerCount else {
                    throw WireError(status: 431, reason: "more trailer fields than allowed")
                }
                let name = unsafe UnsafeRawBufferPointer(
                    start: base + Int(line.name.start), count: line.name.count)
                let value = unsafe UnsafeRawBufferPointer(
                    start: base + Int(line.value.start), count: line.value.count)
                guard let name = unsafe HTTPField.Name(String(decoding: name, as: UTF8.self)),
                    !TrailerRules.forbids(name)
                else { continue }
                trailers.append(unsafe HTTPField(name: name, value: value))
            }
        }
    }
}
