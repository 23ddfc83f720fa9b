import HTTPTypes

extension HTTPField.Name {
    /// RFC 8288.
    static let link = known("link")

    private static func known(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(parsed: name) else {
            preconditionFailure("\(name) is not a field name")
        }
        return name
    }
}
