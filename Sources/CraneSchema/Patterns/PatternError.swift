/// Why an expression is not one.
public struct PatternError: Error, Sendable {
    public var message: String
}
