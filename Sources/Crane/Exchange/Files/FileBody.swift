import CraneHTTP

/// The bytes of a file as a body.
struct FileBody: Sendable {
    let content: FileContent
    let size: Int

    /// One range of it.
    func part(_ range: Range<Int>, _ context: Context) -> ResponseBody {
        if case .memory(let bytes) = content, range.upperBound <= bytes.count {
            return ResponseBody(range.count == bytes.count ? bytes : Array(bytes[range]))
        }
        return ResponseBody(length: range.count) { writer in
            try await send(range, to: writer, context)
        }
    }

    /// Several ranges of it (RFC 9110, section 14.6).
    func parts(
        _ ranges: [Range<Int>], _ contentType: String, _ separator: String, _ context: Context
    ) -> ResponseBody {
        let heads = ranges.map { range in
            "\r\n--\(separator)\r\nContent-Type: \(contentType)\r\n"
                + "Content-Range: \(contentRange(range))\r\n\r\n"
        }
        let end = "\r\n--\(separator)--\r\n"
        let length = zip(heads, ranges).reduce(end.utf8.count) { $0 + $1.0.utf8.count + $1.1.count }
        return ResponseBody(length: length) { writer in
            for (head, range) in zip(heads, ranges) {
                try await writer.write(head)
                try await send(range, to: writer, context)
            }
            try await writer.write(end)
        }
    }

    /// `bytes 0-99/1000`.
    func contentRange(_ range: Range<Int>) -> String {
        "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(size)"
    }

    private func send(_ range: Range<Int>, to writer: any ResponseWriter, _ context: Context) async throws {
        var position = range.lowerBound
        while position < range.upperBound {
            let count = min(FileContent.pieceLength, range.upperBound - position)
            let piece = try await content.bytes(position..<(position + count), context)
            // The file has become shorter: the length is promised, and only closing the connection tells.
            guard piece.count == count else { throw FileError.cut }
            try await writer.write(piece)
            position += count
        }
    }
}
