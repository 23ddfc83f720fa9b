import CraneHTTP

/// The bytes of a file: here, or on the disk.
enum FileContent: Sendable {
    case memory([UInt8])
    case disk(OpenFile)

    /// A file that has been opened: its bytes where they are few, so that one trip to a worker is enough for it. For worker threads.
    init(_ file: OpenFile) throws(FileError) {
        self =
            file.size <= FileContent.pieceLength
            ? .memory(try file.read(from: 0, count: file.size)) : .disk(file)
    }

    /// So many bytes are read and sent at once.
    static let pieceLength = 256 << 10

    /// A part of them; fewer bytes where the file has become shorter.
    func bytes(_ range: Range<Int>, _ context: Context) async throws -> [UInt8] {
        switch self {
        case .memory(let bytes):
            range.count == bytes.count ? bytes : Array(bytes[range.clamped(to: 0..<bytes.count)])
        case .disk(let file):
            try await context.blocking { try file.read(from: range.lowerBound, count: range.count) }
        }
    }
}
