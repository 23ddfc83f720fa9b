/// Why a service cannot start, or a command has failed, as one line for the operator.
public struct StartError: Error, Hashable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}
