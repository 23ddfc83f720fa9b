/// The shape of a whole number, with optional bounds.
public struct IntegerShape<Value: FixedWidthInteger & Sendable>: Shape {
    @usableFromInline let bounds: Bounds<Int>

    @inlinable
    init(_ bounds: Bounds<Int>) {
        self.bounds = bounds
    }

    @inlinable
    public func read(_ reader: inout JSONReader) throws(JSONDetour) -> Value {
        let number = try reader.integer()
        guard let value = Value(exactly: number), bounds.contain(number) else { throw JSONDetour() }
        return value
    }

    @inlinable
    public func write(_ value: Value, to writer: inout JSONWriter) {
        writer.integer(value)
    }

    public func validate(_ input: JSONValue, _ validation: inout Validation) -> Value? {
        guard let number = LaxInteger.parse(input, &validation) else { return nil }
        guard bounds.check(number, input, &validation) else { return nil }
        guard let value = Value(exactly: number) else {
            LaxInteger.reportSize(input, &validation)
            return nil
        }
        return value
    }
}

extension Int: Describable {
    @inlinable public static var schema: IntegerShape<Int> { .int() }
}

extension Shape where Self == IntegerShape<Int> {
    /// A whole number of 64 bits.
    @inlinable
    public static func int(
        gt: Int? = nil, ge: Int? = nil, lt: Int? = nil, le: Int? = nil, multipleOf: Int? = nil
    ) -> Self {
        IntegerShape(Bounds(gt: gt, ge: ge, lt: lt, le: le, multipleOf: multipleOf))
    }

    /// A whole number in a closed range.
    @inlinable
    public static func int(in range: ClosedRange<Int>) -> Self {
        .int(ge: range.lowerBound, le: range.upperBound)
    }
}
