/// A file that came with a form: in memory while it is short, in a nameless temporary file past a bound.
public struct UploadedFile: Sendable {
    /// The name that the client gave it: text that proves nothing, and no path to write to.
    public let name: String
    /// The type that the client gave it.
    public let contentType: String?
    /// In bytes.
    public let size: Int
    private let content: Content
    private let context: Context

    enum Content: Sendable {
        case memory([UInt8])
        case disk(OpenFile)
    }

    init(name: String, contentType: String?, size: Int, content: Content, context: Context) {
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

    /// All of it.
    public func bytes() async throws -> [UInt8] {
        try await bytes(0..<size)
    }

    /// A part of it, for files that should not be in memory as a whole; traps for a range outside it.
    public func bytes(_ range: Range<Int>) async throws -> [UInt8] {
        precondition(range.lowerBound >= 0 && range.upperBound <= size, "a range outside the file")
        switch content {
        case .memory(let bytes):
            return range.count == size ? bytes : Array(bytes[range])
        case .disk(let file):
            return try await context.blocking { try file.read(from: range.lowerBound, count: range.count) }
        }
    }
}
