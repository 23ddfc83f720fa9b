/// The schema of a set: a list in JSON, in which equal elements count once, with optional bounds on their number.
public struct SetSchema<Element: Schema>: Schema where Element.Value: Hashable {
    @usableFromInline let element: Element
    private let minItems: Int
    private let maxItems: Int

    init(_ element: Element, minItems: Int?, maxItems: Int?) {
        self.element = element
        self.minItems = minItems ?? 0
        self.maxItems = maxItems ?? .max
    }

    public func read(_ reader: inout JSONReader) throws(JSONFallback) -> Set<Element.Value> {
        try reader.open(UInt8(ascii: "["))
        var values: Set<Element.Value> = []
        var isFirst = true
        while try reader.more(until: UInt8(ascii: "]"), first: isFirst) {
            isFirst = false
            values.insert(try element.read(&reader))
        }
        guard values.count >= minItems, values.count <= maxItems else { throw JSONFallback() }
        return values
    }

    /// Writes the elements in their order where they have one, else in that of their JSON, so that equal sets have equal bytes.
    public func write(_ value: Set<Element.Value>, to writer: inout JSONWriter) {
        ArraySchema(element, minItems: nil, maxItems: nil).write(ordered(value), to: &writer)
    }

    private func ordered(_ values: Set<Element.Value>) -> [Element.Value] {
        func sorted<Value: Comparable>(as type: Value.Type) -> [Element.Value]? {
            guard let values = Array(values) as? [Value] else { return nil }
            return values.sorted() as? [Element.Value]
        }
        if let type = Element.Value.self as? any Comparable.Type, let values = sorted(as: type) {
            return values
        }
        return values.map { (json: element.encode($0), value: $0) }
            .sorted { $0.json.lexicographicallyPrecedes($1.json) }.map(\.value)
    }

    public func validate(_ input: JSONValue, _ validation: inout Validation) -> Set<Element.Value>? {
        guard case .array(let items) = input else {
            validation.report("set_type", "Input should be a valid set", input: input)
            return nil
        }
        let before = validation.mark
        var values: Set<Element.Value> = []
        for (index, item) in items.enumerated() {
            guard let value = validation.at(.index(index), { element.validate(item, &$0) }) else { continue }
            values.insert(value)
            if values.count > maxItems {
                // Pydantic stops at the first element too many and forgets the issues of the others.
                validation.rewind(to: before)
                SizeIssue.tooLong(field: "Set", bound: maxItems, actual: nil).report(input, &validation)
                return nil
            }
        }
        guard !validation.hasIssues(since: before) else { return nil }
        guard values.count >= minItems else {
            SizeIssue.tooShort(field: "Set", bound: minItems, actual: values.count)
                .report(input, &validation)
            return nil
        }
        return values
    }

    public func jsonSchema(_ components: inout SchemaComponents) -> JSONValue {
        components.check(minItems, "minItems", maxItems, "maxItems")
        var members: [JSONValue.Member] = [
            .init("type", "array"), .init("items", element.jsonSchema(&components)),
            .init("uniqueItems", true),
        ]
        if minItems > 0 { members.append(.init("minItems", .integer(minItems))) }
        if maxItems < .max { members.append(.init("maxItems", .integer(maxItems))) }
        return .object(members)
    }

    public static var isManyValued: Bool { true }
    public static var isObject: Bool { Element.isObject }
}

extension Set: SchemaRepresentable where Element: SchemaRepresentable & Sendable {
    public static var schema: SetSchema<Element.Description> { .set(Element.schema) }
}

extension Schema {
    /// A list in which equal elements count once.
    ///
    /// - Parameters:
    ///   - element: the schema of the elements.
    ///   - minItems: the fewest different elements.
    ///   - maxItems: the most different elements.
    public static func set<Element: Schema>(
        _ element: Element, minItems: Int? = nil, maxItems: Int? = nil
    ) -> Self where Self == SetSchema<Element> {
        SetSchema(element, minItems: minItems, maxItems: maxItems)
    }
}
