/// All the issues of one input, in the order of its fields; never empty.
public struct ValidationError: Error, Sendable {
    public var issues: [ValidationIssue]

    public init(_ issues: [ValidationIssue]) {
        self.issues = issues
    }

    /// The body of a response ends with the issue that goes past so many bytes.
    package static let bodyLength = 256 << 10

    /// Appends the body that FastAPI sends with status 422: `{"detail":[...]}`; of very many issues the first ones.
    public func write(to writer: inout JSONWriter) {
        writer.raw("{\"detail\":")
        writeIssues(to: &writer)
        writer.raw("}")
    }

    /// Appends the issues as a list; of very many the first ones.
    package func writeIssues(to writer: inout JSONWriter) {
        writer.raw("[")
        let start = writer.count
        for (index, issue) in issues.enumerated() where writer.count - start < Self.bodyLength {
            if index > 0 { writer.byte(UInt8(ascii: ",")) }
            writer.issue(issue)
        }
        writer.raw("]")
    }

    /// The body of a 422 response as bytes of its own.
    public var body: [UInt8] {
        var writer = JSONWriter()
        write(to: &writer)
        return writer.bytes
    }
}
