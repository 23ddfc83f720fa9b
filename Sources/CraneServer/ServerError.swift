/// Why a server could not start, in one line for the operator.
public struct ServerError: Error, CustomStringConvertible {
    /// What kind of failure it is.
    public enum Code: Sendable {
        case addressInUse
        case cannotBind
        case cannotStart
    }

    /// What kind of failure it is, for programs.
    public let code: Code
    /// What happened, with the address, for people.
    public let description: String
}
