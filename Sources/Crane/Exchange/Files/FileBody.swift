import CraneHTTP

/// The bytes of an open file as a body.
struct FileBody: Sendable {
    let file: OpenFile
    /// The whole file where it is short, nothing otherwise.
    let start: [UInt8]

    /// One range of it.
    func part(_ range: Range<Int>, _ context: Context) -> ResponseBody {
        if range.upperBound <= start.count { return ResponseBody(Array(start[range])) }
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
        "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(file.size)"
    }

    private func send(_ range: Range<Int>, to writer: any ResponseWriter, _ context: Context) async throws {
        var position = range.lowerBound
        while position < range.upperBound {
            let offset = position
            let count = min(FileResponse.pieceLength, range.upperBound - position)
            let piece =
                offset + count <= start.count
                ? Array(start[offset..<(offset + count)])
                : try await context.blocking { [file] in try file.read(from: offset, count: count) }
            // The file has become shorter: the length is promised, and only closing the connection tells.
            guard piece.count == count else { throw FileError.cut }
            try await writer.write(piece)
            position += count
        }
    }
}
