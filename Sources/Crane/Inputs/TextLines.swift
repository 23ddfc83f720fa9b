/// The lines of a body or of an uploaded file, as they come: `for try await line in TextLines(file) { … }`.
///
/// A line ends in LF or CRLF, which it is given without; the last one need not. Keeps one line and one part in memory.
public struct TextLines<Parts: AsyncSequence>: AsyncSequence where Parts.Element == [UInt8] {
    public typealias Element = String

    private let parts: Parts
    private let limit: Int

    /// - Parameters:
    ///   - parts: a `RequestBody`, an `UploadedFile`, or any other sequence of bytes.
    ///   - limit: the most bytes of a line; 422 beyond.
    public init(_ parts: Parts, upTo limit: Int = 64 << 10) {
        self.parts = parts
        self.limit = limit
    }

    public struct Iterator: AsyncIteratorProtocol {
        private var parts: Parts.AsyncIterator
        private let limit: Int
        private var part: ArraySlice<UInt8> = []
        private var number = 0
        private var hasEnded = false

        init(_ parts: Parts.AsyncIterator, upTo limit: Int) {
            self.parts = parts
            self.limit = limit
        }

        /// The next line; `nil` at the end. Throws `HTTPError` with 422 for one that is too long or no UTF-8, and what the parts throw.
        public mutating func next() async throws -> String? { try await next(isolation: #isolation) }

        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(any Error) -> String? {
            var line: [UInt8] = []
            number += 1
            while !hasEnded {
                if let end = part.firstIndex(of: UInt8(ascii: "\n")) {
                    line += part[..<end]
                    part = part[(end + 1)...]
                    return try text(of: line)
                }
                line += part
                part = []
                guard line.count <= limit + 1 else { throw tooLong }
                if let next = try await parts.next(isolation: actor) {
                    part = next[...]
                } else {
                    hasEnded = true
                }
            }
            return line.isEmpty ? nil : try text(of: line)
        }

        private func text(of line: [UInt8]) throws -> String {
            let bytes = line.last == UInt8(ascii: "\r") ? line.dropLast() : line[...]
            guard bytes.count <= limit else { throw tooLong }
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw HTTPError(.unprocessableContent, "Line \(number) is not UTF-8")
            }
            return text
        }

        private var tooLong: HTTPError {
            HTTPError(.unprocessableContent, "Line \(number) is longer than \(limit) bytes")
        }
    }

    public func makeAsyncIterator() -> Iterator { Iterator(parts.makeAsyncIterator(), upTo: limit) }
}

extension TextLines: Sendable where Parts: Sendable {}
