/// The schema of a string, with optional bounds on its length in code points and a pattern.
public struct StringSchema: Schema {
    @usableFromInline let minLength: Int
    @usableFromInline let maxLength: Int
    @usableFromInline let pattern: Pattern?

    @inlinable
    init(minLength: Int?, maxLength: Int?, pattern: Pattern?) {
        self.minLength = minLength ?? 0
        self.maxLength = maxLength ?? .max
        self.pattern = pattern
    }

    @inlinable
    public func read(_ reader: inout JSONReader) throws(JSONFallback) -> String {
        let value = try reader.string()
        guard fits(value) else { throw JSONFallback() }
        return value
    }

    @inlinable
    public func read(text: String) -> String? {
        fits(text) ? text : nil
    }

    /// Whether a string keeps to the bounds, decided without counting where its bytes alone tell.
    @inlinable
    func fits(_ value: String) -> Bool {
        // A code point takes one to four bytes.
        let bytes = value.utf8.count
        let least = minLength <= 1 ? bytes : bytes / 4
        if bytes <= maxLength && least >= minLength && pattern == nil { return true }
        return issue(value) == nil
    }

    @inlinable
    public func write(_ value: String, to writer: inout JSONWriter) {
        writer.string(value)
    }

    public func validate(_ input: JSONValue, _ validation: inout Validation) -> String? {
        switch input {
        case .string(let value):
            guard let issue = issue(value) else { return value }
            report(issue, input, &validation)
        case .brokenString: validation.reportUnicode(input)
        default: validation.report("string_type", "Input should be a valid string", input: input)
        }
        return nil
    }

    public func jsonSchema(_ components: inout SchemaComponents) -> JSONValue {
        components.check(minLength, "minLength", maxLength, "maxLength")
        if let mistake = pattern?.mistake { components.report(mistake) }
        guard components.isWritten else { return .null }
        var members: [JSONValue.Member] = [.init("type", "string")]
        if maxLength < .max { members.append(.init("maxLength", .integer(maxLength))) }
        if minLength > 0 { members.append(.init("minLength", .integer(minLength))) }
        if let pattern { members.append(.init("pattern", .string(pattern.source))) }
        return .object(members)
    }

    @usableFromInline
    enum Issue {
        case short, long, pattern
    }

    /// What is wrong with a string, in pydantic's order.
    @usableFromInline
    func issue(_ value: String) -> Issue? {
        let length = value.unicodeScalars.count
        if length > maxLength { return .long }
        if length < minLength { return .short }
        if let pattern, !pattern.matches(value) { return .pattern }
        return nil
    }

    private func report(_ issue: Issue, _ input: JSONValue, _ validation: inout Validation) {
        func characters(_ count: Int) -> String {
            count == 1 ? "1 character" : "\(count) characters"
        }
        switch issue {
        case .short:
            validation.report(
                "string_too_short", "String should have at least \(characters(minLength))", input: input,
                context: [.init("min_length", .integer(minLength))])
        case .long:
            validation.report(
                "string_too_long", "String should have at most \(characters(maxLength))", input: input,
                context: [.init("max_length", .integer(maxLength))])
        case .pattern:
            let source = pattern?.source ?? ""
            validation.report(
                "string_pattern_mismatch", "String should match pattern '\(source)'", input: input,
                context: [.init("pattern", .string(source))])
        }
    }
}

extension String: SchemaRepresentable {
    @inlinable public static var schema: StringSchema { .string() }
}

extension Schema where Self == StringSchema {
    /// A string; lengths are in code points, the pattern may match anywhere.
    @inlinable
    public static func string(
        minLength: Int? = nil, maxLength: Int? = nil, pattern: Pattern? = nil
    ) -> Self {
        StringSchema(minLength: minLength, maxLength: maxLength, pattern: pattern)
    }
}
