/// Bounds on the JSON that is accepted.
public struct JSONLimits: Sendable {
    /// Containers inside each other.
    public var depth: Int
    /// Bytes of the whole text.
    public var bytes: Int

    @inlinable
    public init(depth: Int = 968, bytes: Int = 16 << 20) {
        self.depth = depth
        self.bytes = bytes
    }
}
