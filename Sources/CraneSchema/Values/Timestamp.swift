/// A point in time: microseconds since 1970-01-01T00:00:00Z, without leap seconds.
public struct Timestamp: Sendable, Hashable, Comparable {
    public var microseconds: Int

    @inlinable
    public init(microseconds: Int) {
        self.microseconds = microseconds
    }

    @inlinable
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.microseconds < right.microseconds
    }

    /// Where a year fits four digits: 0001-01-01T00:00:00Z to 9999-12-31T23:59:59.999999Z.
    public static let range =
        Timestamp(
            microseconds: -62_135_596_800_000_000)...Timestamp(
            microseconds: 253_402_300_799_999_999)
}

extension Timestamp: CustomStringConvertible {
    /// The time in UTC, as `2026-11-22T10:27:46.435673Z`.
    public var description: String {
        let quoted = JSONWriter.bytes(capacity: 64) { $0.timestamp(self) }
        return String(decoding: quoted.dropFirst().dropLast(), as: UTF8.self)
    }
}
