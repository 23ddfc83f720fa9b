/// Why a server could not start, in one line for the operator.
public struct ServerError: Error, CustomStringConvertible {
    public enum Code: Sendable {
        case addressInUse
        case cannotBind
        case cannotStart
    }

    public let code: Code
    public let description: String
}
