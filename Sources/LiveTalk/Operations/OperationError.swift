import CraneSQLite

/// Why an operator's command failed, as one line.
public struct OperationError: Error, Hashable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }

    /// What a failure means to the operator; `subject` is the file at hand.
    init(_ error: any Error, at subject: String) {
        switch error {
        case let error as OperationError: self = error
        case let error as DatabaseError where error.kind == .locked:
            self.init("\(subject) is in use: stop the service first")
        default: self.init("\(subject): \(error)")
        }
    }
}
