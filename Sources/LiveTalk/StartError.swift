import CraneSQLite

/// Why the service cannot start, as one line for the operator.
public struct StartError: Error, Hashable, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }

    static func database(_ url: DatabaseURL, _ error: DatabaseError) -> StartError {
        StartError("the database \(url) cannot be used: \(error)")
    }
}
