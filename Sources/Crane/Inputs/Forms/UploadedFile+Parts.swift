/// A file part by part: it is never in memory as a whole.
///
/// ```swift
/// for try await part in file { … }
/// ```
extension UploadedFile: AsyncSequence {
    public typealias Element = [UInt8]

    /// Reads 64 KiB at a time, on worker threads where the file lies on the disk.
    public struct Parts: AsyncIteratorProtocol {
        private static let length = 64 << 10

        private let file: UploadedFile
        private var start = 0

        init(_ file: UploadedFile) { self.file = file }

        /// The next bytes; `nil` at the end.
        public mutating func next() async throws -> [UInt8]? {
            guard start < file.size else { return nil }
            let end = Swift.min(start + Self.length, file.size)
            let part = try await file.bytes(start..<end)
            start = end
            return part
        }
    }

    public func makeAsyncIterator() -> Parts { Parts(self) }
}
