/// The shape of a string, with optional bounds on its length in code points.
public struct StringShape: Shape {
    @usableFromInline let minLength: Int
    @usableFromInline let maxLength: Int

    @inlinable
    init(minLength: Int?, maxLength: Int?) {
        self.minLength = minLength ?? 0
        self.maxLength = maxLength ?? .max
    }

    @inlinable
    public func read(_ reader: inout JSONReader) throws(JSONDetour) -> String {
        let value = try reader.string()
        // A code point takes one to four bytes: most lengths are decided without counting.
        let bytes = value.utf8.count
        if bytes > maxLength || bytes < minLength &* 4 {
            guard lengthIssue(value) == nil else { throw JSONDetour() }
        }
        return value
    }

    @inlinable
    public func write(_ value: String, to writer: inout JSONWriter) {
        writer.string(value)
    }

    public func validate(_ input: JSONValue, _ validation: inout Validation) -> String? {
        switch input {
        case .string(let value):
            guard let issue = lengthIssue(value) else { return value }
            issue.report(input, &validation)
        case .brokenString: LaxInteger.reportUnicode(input, &validation)
        default: validation.report("string_type", "Input should be a valid string", input: input)
        }
        return nil
    }

    @usableFromInline
    enum LengthIssue {
        case short(Int)
        case long(Int)

        func report(_ input: JSONValue, _ validation: inout Validation) {
            switch self {
            case .short(let bound):
                validation.report(
                    "string_too_short",
                    "String should have at least \(bound) character\(bound == 1 ? "" : "s")", input: input,
                    context: [JSONValue.Member(key: "min_length", value: .integer(bound))])
            case .long(let bound):
                validation.report(
                    "string_too_long",
                    "String should have at most \(bound) character\(bound == 1 ? "" : "s")", input: input,
                    context: [JSONValue.Member(key: "max_length", value: .integer(bound))])
            }
        }
    }

    @usableFromInline
    func lengthIssue(_ value: String) -> LengthIssue? {
        let length = value.unicodeScalars.count
        if length > maxLength { return .long(maxLength) }
        if length < minLength { return .short(minLength) }
        return nil
    }
}

extension String: Describable {
    @inlinable public static var schema: StringShape { .string() }
}

extension Shape where Self == StringShape {
    /// A string; lengths are in code points.
    @inlinable
    public static func string(minLength: Int? = nil, maxLength: Int? = nil) -> Self {
        StringShape(minLength: minLength, maxLength: maxLength)
    }
}
