/// The schema of a list whose elements share one schema, with optional bounds on their number.
public struct ArraySchema<Element: Schema>: Schema {
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
    public func read(_ reader: inout JSONReader) throws(JSONFallback) -> [Element.Value] {
        try reader.open(UInt8(ascii: "["))
        var values: [Element.Value] = []
        while try reader.more(until: UInt8(ascii: "]"), first: values.isEmpty) {
            values.append(try element.read(&reader))
        }
        guard values.count >= minItems, values.count <= maxItems else { throw JSONFallback() }
        return values
    }

    @inlinable
    public func write(_ value: [Element.Value], to writer: inout JSONWriter) {
        writer.byte(UInt8(ascii: "["))
        var isFirst = true
        for item in value {
            if !isFirst { writer.byte(UInt8(ascii: ",")) }
            isFirst = false
            element.write(item, to: &writer)
        }
        writer.byte(UInt8(ascii: "]"))
    }

    public func validate(_ input: JSONValue, _ validation: inout Validation) -> [Element.Value]? {
        guard case .array(let items) = input else {
            validation.report("list_type", "Input should be a valid list", input: input)
            return nil
        }
        guard items.count <= maxItems else {
            SizeIssue.tooLong(field: "List", bound: maxItems, actual: items.count).report(input, &validation)
            return nil
        }
        var values: [Element.Value] = []
        for (index, item) in items.enumerated() {
            let value = validation.at(.index(index)) { element.validate(item, &$0) }
            if let value { values.append(value) }
        }
        guard values.count == items.count else { return nil }
        guard values.count >= minItems else {
            SizeIssue.tooShort(field: "List", bound: minItems, actual: values.count)
                .report(input, &validation)
            return nil
        }
        return values
    }

    public func jsonSchema(_ components: inout SchemaComponents) -> JSONValue {
        components.check(minItems, "minItems", maxItems, "maxItems")
        let items = element.jsonSchema(&components)
        guard components.isWritten else { return .null }
        var members: [JSONValue.Member] = [.init("type", "array"), .init("items", items)]
        if minItems > 0 { members.append(.init("minItems", .integer(minItems))) }
        if maxItems < .max { members.append(.init("maxItems", .integer(maxItems))) }
        return .object(members)
    }
}

extension ArraySchema {
    public static var isManyValued: Bool { true }
    public static var isObject: Bool { Element.isObject }
}

extension Array: SchemaRepresentable where Element: SchemaRepresentable & Sendable {
    @inlinable public static var schema: ArraySchema<Element.Description> { .array(Element.schema) }
}

extension Schema {
    /// A list of values of one schema.
    @inlinable
    public static func array<Element: Schema>(
        _ element: Element, minItems: Int? = nil, maxItems: Int? = nil
    ) -> Self where Self == ArraySchema<Element> {
        ArraySchema(element, minItems: minItems, maxItems: maxItems)
    }
}
