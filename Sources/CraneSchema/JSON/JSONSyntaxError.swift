/// Broken JSON in the wording of CPython 3.11's `json` module.
public struct JSONSyntaxError: Error, Sendable {
    /// Such as `Expecting value`.
    public var message: String
    /// Characters (code points) before the place, not counting a byte order mark.
    public var offset: Int
}

extension JSONSyntaxError {
    /// The issue that FastAPI reports for it.
    public func issue(in root: String = "body") -> ValidationIssue {
        ValidationIssue(
            type: "json_invalid", location: [.key(root), .index(offset)], message: "JSON decode error",
            input: .object([]), context: [JSONValue.Member("error", .string(message))])
    }
}
