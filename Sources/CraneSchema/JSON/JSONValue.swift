/// A JSON value as a tree: what the error path validates, what issues echo, and what JSON Schema is written with.
///
/// The ordinary decode path never builds one. Copies share their storage.
public enum JSONValue: Sendable {
    case null
    case bool(Bool)
    /// A whole number of at most 64 bits.
    case integer(Int)
    /// A whole number past 64 bits, as its decimal digits with an optional minus sign.
    case bigInteger(String)
    /// A number written with a fraction or an exponent, or one of Python's `NaN`, `Infinity` and `-Infinity`.
    case number(Double)
    case string(String)
    /// A string with a lone surrogate, which Swift's `String` cannot hold, as generalised UTF-8 (WTF-8).
    case brokenString([UInt8])
    case array([JSONValue])
    /// Members in the order of their first appearance, each key once.
    case object([Member])

    /// One key and its value.
    public struct Member: Sendable {
        public var key: String
        public var value: JSONValue

        @inlinable
        public init(_ key: String, _ value: JSONValue) {
            self.key = key
            self.value = value
        }
    }

    /// The value of a member, the key compared by its code points; nil where this is no object or has no such key.
    public subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key.utf8.elementsEqual(key.utf8) }?.value
    }

    /// The object with a member more at its end; itself where it is none.
    @usableFromInline
    func adding(_ key: String, _ value: JSONValue) -> JSONValue {
        guard case .object(let members) = self else { return self }
        return .object(members + [Member(key, value)])
    }

    /// Whether this is `null`.
    public var isNull: Bool {
        if case .null = self { true } else { false }
    }
}

extension JSONValue? {
    /// Whether there is no value: no such member, or one that is `null`; `== .null` tells the two apart.
    public static func == (value: JSONValue?, _: _OptionalNilComparisonType) -> Bool {
        value?.isNull ?? true
    }

    /// Whether there is a value other than `null`.
    public static func != (value: JSONValue?, _: _OptionalNilComparisonType) -> Bool {
        !(value?.isNull ?? true)
    }
}

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral
{
    public init(nilLiteral: ()) { self = .null }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(integerLiteral value: Int) { self = .integer(value) }
    public init(floatLiteral value: Double) { self = .number(value) }
    public init(stringLiteral value: String) { self = .string(value) }
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(elements.map { Member($0.0, $0.1) })
    }
}
