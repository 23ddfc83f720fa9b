/// A UUID: 128 bits (RFC 9562), written as 8-4-4-4-12 lower-case hexadecimal digits.
public struct UniqueID: Sendable, Hashable {
    public var high: UInt64
    public var low: UInt64

    @inlinable
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// A random UUID of version 4, from the system's generator.
    public init() {
        var generator = SystemRandomNumberGenerator()
        high = generator.next() & ~0xF000 | 0x4000
        low = generator.next() & ~(3 << 62) | 2 << 62
    }

    /// The same as `UniqueID()`.
    public static func random() -> UniqueID { UniqueID() }

    /// Reads the forms that pydantic takes: with hyphens, also in braces or after `urn:uuid:`, or 32 plain digits.
    public init?(_ text: String) {
        guard let value = try? UniqueIDText.parse(text) else { return nil }
        self = value
    }
}

extension UniqueID: CustomStringConvertible {
    public var description: String {
        var writer = JSONWriter(capacity: 64)
        writer.uniqueID(self)
        return String(writer.text.dropFirst().dropLast())
    }
}
