public import CraneSchema

/// A value that goes into a statement as a parameter: numbers, text, `Bool`, `Timestamp`, `UniqueID`, bytes, optionals and lists of them.
///
/// A list is one parameter, an array of PostgreSQL: `WHERE id = ANY(\(ids))`.
public protocol PostgresEncodable: Sendable {
    /// The type's number in `pg_type`.
    static var postgresType: UInt32 { get }
    /// The number of the type of arrays of it.
    static var postgresArrayType: UInt32 { get }
    /// Appends the value in PostgreSQL's binary form; false for NULL, which has none.
    func encode(into bytes: inout [UInt8]) -> Bool
}

extension Int: PostgresEncodable {
    public static var postgresType: UInt32 { 20 }
    public static var postgresArrayType: UInt32 { 1016 }
    public func encode(into bytes: inout [UInt8]) -> Bool {
        bytes.append(bigEndian: Int64(self))
        return true
    }
}

extension Bool: PostgresEncodable {
    public static var postgresType: UInt32 { 16 }
    public static var postgresArrayType: UInt32 { 1000 }
    public func encode(into bytes: inout [UInt8]) -> Bool {
        bytes.append(self ? 1 : 0)
        return true
    }
}

extension Double: PostgresEncodable {
    public static var postgresType: UInt32 { 701 }
    public static var postgresArrayType: UInt32 { 1022 }
    public func encode(into bytes: inout [UInt8]) -> Bool {
        bytes.append(bigEndian: bitPattern)
        return true
    }
}

/// The server refuses text with U+0000 in it (22021).
extension String: PostgresEncodable {
    public static var postgresType: UInt32 { 25 }
    public static var postgresArrayType: UInt32 { 1009 }
    public func encode(into bytes: inout [UInt8]) -> Bool {
        bytes.append(contentsOf: utf8)
        return true
    }
}

extension Timestamp: PostgresEncodable {
    /// 2000-01-01, from which PostgreSQL counts, in microseconds since 1970.
    static let postgresEpoch = 946_684_800_000_000

    public static var postgresType: UInt32 { 1184 }
    public static var postgresArrayType: UInt32 { 1185 }
    public func encode(into bytes: inout [UInt8]) -> Bool {
        bytes.append(bigEndian: Int64(microseconds &- Self.postgresEpoch))
        return true
    }
}

extension UniqueID: PostgresEncodable {
    public static var postgresType: UInt32 { 2950 }
    public static var postgresArrayType: UInt32 { 2951 }
    public func encode(into bytes: inout [UInt8]) -> Bool {
        bytes.append(bigEndian: high)
        bytes.append(bigEndian: low)
        return true
    }
}

/// Bytes, the type `bytea`.
public struct PostgresBytes: PostgresEncodable, Hashable {
    public let bytes: [UInt8]

    public init(_ bytes: [UInt8]) { self.bytes = bytes }

    public static var postgresType: UInt32 { 17 }
    public static var postgresArrayType: UInt32 { 1001 }
    public func encode(into bytes: inout [UInt8]) -> Bool {
        bytes.append(contentsOf: self.bytes)
        return true
    }
}

extension Optional: PostgresEncodable where Wrapped: PostgresEncodable {
    public static var postgresType: UInt32 { Wrapped.postgresType }
    public static var postgresArrayType: UInt32 { Wrapped.postgresArrayType }
    public func encode(into bytes: inout [UInt8]) -> Bool {
        guard let self else { return false }
        return self.encode(into: &bytes)
    }
}

/// An array of one dimension (`array_send` in PostgreSQL's sources).
extension Array: PostgresEncodable where Element: PostgresEncodable {
    public static var postgresType: UInt32 { Element.postgresArrayType }
    /// Arrays of arrays have the same type; only one dimension is written, so that the server refuses them.
    public static var postgresArrayType: UInt32 { Element.postgresArrayType }
    public func encode(into bytes: inout [UInt8]) -> Bool {
        bytes.append(bigEndian: Int32(isEmpty ? 0 : 1))
        bytes.append(bigEndian: Int32(1))
        bytes.append(bigEndian: Element.postgresType)
        guard !isEmpty else { return true }
        bytes.append(bigEndian: Int32(clamping: count))
        bytes.append(bigEndian: Int32(1))
        for element in self {
            let start = bytes.count
            bytes.append(bigEndian: Int32(-1))
            guard element.encode(into: &bytes) else { continue }
            let length = UInt32(bytes.count - start - 4)
            for place in 0..<4 {
                bytes[start + place] = UInt8(truncatingIfNeeded: length >> (24 - 8 * place))
            }
        }
        return true
    }
}

extension [UInt8] {
    mutating func append(bigEndian value: some FixedWidthInteger) {
        // The bytes live for the call, and are copied.
        unsafe Swift.withUnsafeBytes(of: value.bigEndian) { unsafe append(contentsOf: $0) }
    }
}
