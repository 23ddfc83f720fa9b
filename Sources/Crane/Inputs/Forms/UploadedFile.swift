/// A file that came with a form: in memory while it is short, in a nameless temporary file past a bound.
public struct UploadedFile: Sendable {
    /// The name that the client gave it: text that proves nothing, and no path to write to.
    public let name: String
    /// The type that the client gave it.
    public let contentType: String?
    /// In bytes.
    public let size: Int
    private let content: FileContent
    private let context: Context

    init(name: String, contentType: String?, size: Int, content: FileContent, context: Context) {
        self.name = name
        self.contentType = contentType
        self.size = size
        self.content = content
        self.context = context
    }

    /// Whether it waits on the disk.
    public var isOnDisk: Bool {
        if case .disk = content { true } else { false }
    }

    /// Puts it at a path of the application's, whole or not at all; its folder must be there.
    ///
    /// ```swift
    /// try await poster.save(to: "posters/\(id).png")
    /// ```
    /// A file that lies on the same file system as the temporary ones (`TMPDIR`) is moved, not copied. Never make the path of `name`,
    /// which is the client's text. Runs on worker threads; returns before the disk has it (fsync(2)). Throws `FileError`.
    /// - Parameters:
    ///   - path: where it shall be; of the process's directory where it begins without a slash.
    ///   - replaces: whether a file that is there gives way; an error without.
    ///   - permissions: who may read and write it.
    public func save(to path: String, replaces: Bool = true, permissions: UInt32 = 0o644) async throws {
        let destination = FileDestination(path: path, replaces: replaces, permissions: permissions)
        if case .disk(let file) = content,
            try await context.blocking({ try file.move(to: destination) })
        {
            return
        }
        let target = try await context.blocking { try NewFile(destination) }
        do {
            for start in stride(from: 0, to: size, by: NewFile.pieceLength) {
                let piece = try await bytes(start..<Swift.min(start + NewFile.pieceLength, size))
                try await context.blocking { try target.write(piece, at: start) }
            }
            try await context.blocking { try target.finish() }
        } catch {
            target.abandon(on: context.loop)
            throw error
        }
    }

    /// All of it.
    public func bytes() async throws -> [UInt8] {
        try await bytes(0..<size)
    }

    /// A part of it, for files that should not be in memory as a whole; traps for a range outside it.
    public func bytes(_ range: Range<Int>) async throws -> [UInt8] {
        precondition(range.lowerBound >= 0 && range.upperBound <= size, "a range outside the file")
        return try await content.bytes(range, context)
    }
}
