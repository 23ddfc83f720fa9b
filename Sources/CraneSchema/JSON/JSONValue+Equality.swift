extension JSONValue: Hashable {
    /// Whether both are the same JSON: members in any order, strings by their code points; `1` is not `1.0`.
    ///
    /// As with `Double`, NaN equals nothing.
    public static func == (left: JSONValue, right: JSONValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.integer(let left), .integer(let right)): left == right
        case (.bigInteger(let left), .bigInteger(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        case (.string(let left), .string(let right)): left.utf8.elementsEqual(right.utf8)
        case (.brokenString(let left), .brokenString(let right)): left == right
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)):
            left.count == right.count && Self.sorted(left) == Self.sorted(right)
        default: false
        }
    }

    public func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .bool(let value): hasher.combine(value)
        case .integer(let value): hasher.combine(value)
        case .bigInteger(let digits): hasher.combine(digits)
        case .number(let value): hasher.combine(value)
        case .string(let text): hasher.combine(text)
        case .brokenString(let bytes): hasher.combine(bytes)
        case .array(let values): hasher.combine(values)
        case .object(let members): hasher.combine(Self.sorted(members))
        }
    }

    /// Sorted by bytes: `String` takes canonically equivalent keys for one.
    private static func sorted(_ members: [Member]) -> [Member] {
        members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    }
}

extension JSONValue.Member: Hashable {
    public static func == (left: JSONValue.Member, right: JSONValue.Member) -> Bool {
        left.key.utf8.elementsEqual(right.key.utf8) && left.value == right.value
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(key)
        hasher.combine(value)
    }
}
