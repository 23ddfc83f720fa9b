/// The names that users log in with.
enum UserName {
    /// What is wrong with a name, as an operator is told; `nil` when it is good.
    static func objection(to name: String) -> String? {
        let scalars = name.unicodeScalars
        if scalars.isEmpty { return "a user's name is not empty" }
        if scalars.contains(":") { return "a user's name has no colon (RFC 7617)" }
        if scalars.contains(where: OneLine.escapes) {
            return "a user's name has no control characters (RFC 7617)"
        }
        if scalars.first?.properties.isWhitespace == true || scalars.last?.properties.isWhitespace == true {
            return "a user's name neither begins nor ends with a blank"
        }
        return name.utf8.count > 255 ? "a user's name has at most 255 bytes" : nil
    }
}
