/// The schema of an object used as a table: any keys, values of one schema, with optional bounds on their number.
///
/// Keys that differ in their code points and are equal as Swift's `String` sees them (canonically equivalent ones) are
/// refused: a table can keep only one of them. `JSONValue` takes all.
public struct DictionarySchema<Element: Schema>: Schema {
    @usableFromInline let element: Element
    @usableFromInline let minItems: Int
    @usableFromInline let maxItems: Int

    @inlinable
    init(_ element: Element, minItems: Int?, maxItems: Int?) {
        self.element = element
        self.minItems = minItems ?? 0
        self.maxItems = maxItems ?? .max
    }

    @inlinable
    public func read(_ reader: inout JSONReader) throws(JSONFallback) -> [String: Element.Value] {
        try reader.open(UInt8(ascii: "{"))
        var values: [String: Element.Value] = [:]
        var isFirst = true
        while try reader.more(until: UInt8(ascii: "}"), first: isFirst) {
            isFirst = false
            let key = try reader.string()
            try reader.take(UInt8(ascii: ":"))
            // The same key again, or one that only a tree can tell from it.
            if values.updateValue(try element.read(&reader), forKey: key) != nil { throw JSONFallback() }
        }
        guard values.count >= minItems, values.count <= maxItems else { throw JSONFallback() }
        return values
    }

    /// Writes the members sorted by key, so that equal values have equal bytes.
    @inlinable
    public func write(_ value: [String: Element.Value], to writer: inout JSONWriter) {
        writer.byte(UInt8(ascii: "{"))
        var isFirst = true
        for (key, item) in value.sorted(by: { $0.key < $1.key }) {
            if !isFirst { writer.byte(UInt8(ascii: ",")) }
            isFirst = false
            writer.string(key)
            writer.byte(UInt8(ascii: ":"))
            element.write(item, to: &writer)
        }
        writer.byte(UInt8(ascii: "}"))
    }

    public func validate(
        _ input: JSONValue, _ validation: inout Validation
    ) -> [String: Element.Value]? {
        guard case .object(let members) = input else {
            validation.report("dict_type", "Input should be a valid dictionary", input: input)
            return nil
        }
        let before = validation.mark
        var values: [String: Element.Value] = [:]
        var valid = 0
        for member in members {
            let value = validation.at(.key(member.key)) { element.validate(member.value, &$0) }
            guard let value else { continue }
            if values.updateValue(value, forKey: member.key) != nil { reportTwin(member, &validation) }
            valid += 1
            if valid > maxItems {
                // Pydantic stops at the first value too many and forgets the issues of the others.
                validation.rewind(to: before)
                SizeIssue.tooLong(field: "Dictionary", bound: maxItems, actual: nil).report(
                    input, &validation)
                return nil
            }
        }
        guard !validation.hasIssues(since: before) else { return nil }
        guard valid >= minItems else {
            SizeIssue.tooShort(field: "Dictionary", bound: minItems, actual: valid).report(input, &validation)
            return nil
        }
        return values
    }

    /// The tree holds each key once: this one is another that the table takes for the same.
    private func reportTwin(_ member: JSONValue.Member, _ validation: inout Validation) {
        validation.at(.key(member.key)) {
            $0.report(
                "equivalent_keys", "Keys should differ in more than their Unicode normalization",
                input: member.value)
        }
    }

    public func jsonSchema(_ components: inout SchemaComponents) -> JSONValue {
        components.check(minItems, "minItems", maxItems, "maxItems")
        let values = element.jsonSchema(&components)
        guard components.isWritten else { return .null }
        var members: [JSONValue.Member] = [.init("type", "object"), .init("additionalProperties", values)]
        if minItems > 0 { members.append(.init("minProperties", .integer(minItems))) }
        if maxItems < .max { members.append(.init("maxProperties", .integer(maxItems))) }
        return .object(members)
    }
}

extension DictionarySchema {
    public static var isObject: Bool { true }
}

extension Dictionary: SchemaRepresentable where Key == String, Value: SchemaRepresentable & Sendable {
    @inlinable public static var schema: DictionarySchema<Value.Description> { .dictionary(Value.schema) }
}

extension Schema {
    /// A table from any string to values of one schema.
    @inlinable
    public static func dictionary<Element: Schema>(
        _ element: Element, minItems: Int? = nil, maxItems: Int? = nil
    ) -> Self where Self == DictionarySchema<Element> {
        DictionarySchema(element, minItems: minItems, maxItems: maxItems)
    }
}
