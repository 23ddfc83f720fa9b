/// The shape of a list whose elements share one shape.
public struct ArrayShape<Element: Shape>: Shape {
    @usableFromInline let element: Element

    @inlinable
    init(_ element: Element) {
        self.element = element
    }

    @inlinable
    public func read(_ reader: inout JSONReader) throws(JSONDetour) -> [Element.Value] {
        try reader.open(UInt8(ascii: "["))
        var values: [Element.Value] = []
        while try reader.more(until: UInt8(ascii: "]"), first: values.isEmpty) {
            values.append(try element.read(&reader))
        }
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
        var values: [Element.Value] = []
        for (index, item) in items.enumerated() {
            let value = validation.at(.index(index)) { element.validate(item, &$0) }
            if let value { values.append(value) }
        }
        return values.count == items.count ? values : nil
    }
}

extension Array: Describable where Element: Describable {
    @inlinable public static var schema: ArrayShape<Element.Description> { ArrayShape(Element.schema) }
}
