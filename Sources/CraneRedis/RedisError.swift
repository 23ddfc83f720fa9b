/// What a Redis cannot be asked, or has refused; there is no password in its text.
public struct RedisError: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}
