/// A value of the Redis serialization protocol, as an answer carries it (https://redis.io/docs/reference/protocol-spec/).
public indirect enum RESPValue: Hashable, Sendable {
    /// One line of text that says how a command went, such as `OK`.
    case simple(String)
    /// Why a command failed: a word in capitals, then text.
    case error(String)
    case integer(Int)
    /// Bytes of any kind.
    case bulk([UInt8])
    case null
    /// No list, where RESP2 tells that from no value.
    case nullArray
    case array([RESPValue])
    /// Keys and values by turns.
    case map([RESPValue])
    case set([RESPValue])
    /// What was not asked for: a message of a channel.
    case push([RESPValue])
    case double(Double)
    case boolean(Bool)

    public static var ok: RESPValue { .simple("OK") }

    /// The bytes of a text.
    public static func bulk(_ text: String) -> RESPValue { .bulk(Array(text.utf8)) }

    /// The text of a line or of bytes; `nil` for other values.
    public var text: String? {
        switch self {
        case .simple(let text): text
        case .bulk(let bytes): String(decoding: bytes, as: UTF8.self)
        default: nil
        }
    }

    /// The elements of a list, a set, a map or a message; `nil` for other values.
    public var elements: [RESPValue]? {
        switch self {
        case .array(let elements), .map(let elements), .set(let elements), .push(let elements): elements
        default: nil
        }
    }
}

/// The protocol's versions: the second is what a connection begins with, `HELLO 3` asks for the third.
public enum RESPVersion: Int, Sendable {
    case two = 2
    case three = 3
}

/// Why bytes are not what the protocol says; nothing that follows them can be read.
public struct RESPError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was wrong, for the peer and the log; never shows what the peer sent.
    public let description: String

    init(_ description: String) { self.description = description }
}
