/// The shape of a whole number, with optional bounds.
public struct IntegerShape<Value: FixedWidthInteger & Sendable>: Shape {
    @usableFromInline let bounds: Bounds<Int>

    @inlinable
    init(_ bounds: Bounds<Int>) {
        self.bounds = bounds
    }

    /// Only the bounds that come from the width of the type.
    @inlinable
    init() {
        let lowest = Int(exactly: Value.min).flatMap { $0 == .min ? nil : $0 }
        let highest = Int(exactly: Value.max).flatMap { $0 == .max ? nil : $0 }
        self.init(Bounds(gt: nil, ge: lowest, lt: nil, le: highest, multipleOf: nil))
    }

    @inlinable
    public func read(_ reader: inout JSONReader) throws(JSONDetour) -> Value {
        let number = try reader.integer()
        guard bounds.brokenBound(number) == nil, let value = Value(exactly: number) else {
            throw JSONDetour()
        }
        return value
    }

    @inlinable
    public func read(text: String) -> Value? {
        guard let number = LaxInteger.plain(text), bounds.brokenBound(number) == nil else { return nil }
        return Value(exactly: number)
    }

    @inlinable
    public func write(_ value: Value, to writer: inout JSONWriter) {
        writer.integer(value)
    }

    public func validate(_ input: JSONValue, _ validation: inout Validation) -> Value? {
        switch LaxInteger.parse(input, &validation) {
        case .value(let number):
            guard bounds.check(number, input, &validation) else { return nil }
            if let value = Value(exactly: number) { return value }
            LaxInteger.reportSize(input, &validation)
        case .huge(let isNegative, let digits):
            bounds.reportHuge(isNegative, digits, input, &validation)
        case .unreadable: LaxInteger.reportSize(input, &validation)
        case nil: break
        }
        return nil
    }

    @inlinable public var columnType: ColumnType { ColumnType(.integer) }

    /// What lies beyond 63 bits is kept as the negative number of the same bits.
    @inlinable
    public func columnValue(_ value: Value) -> ColumnValue { .integer(Int(truncatingIfNeeded: value)) }

    @inlinable
    public func value(ofColumn column: ColumnValue) -> Value? {
        guard case .integer(let number) = column else { return nil }
        return Value.bitWidth == 64 ? Value(truncatingIfNeeded: number) : Value(exactly: number)
    }

    public func jsonSchema(_ components: inout SchemaComponents) -> JSONValue {
        if let mistake = bounds.mistake { components.report(mistake) }
        var members: [JSONValue.Member] = [.init("type", "integer")]
        // OpenAPI's format registry: pydantic's numbers have no end, these are refused past 64 bits.
        if Value.bitWidth == 64, !bounds.hasBothEnds { members.append(.init("format", "int64")) }
        return .object(members + bounds.jsonSchema)
    }
}

extension Int: Describable {
    @inlinable public static var schema: IntegerShape<Int> { IntegerShape() }
}

extension Int64: Describable {
    @inlinable public static var schema: IntegerShape<Int64> { IntegerShape() }
}

extension Int32: Describable {
    @inlinable public static var schema: IntegerShape<Int32> { IntegerShape() }
}

extension Int16: Describable {
    @inlinable public static var schema: IntegerShape<Int16> { IntegerShape() }
}

extension Int8: Describable {
    @inlinable public static var schema: IntegerShape<Int8> { IntegerShape() }
}

extension UInt: Describable {
    @inlinable public static var schema: IntegerShape<UInt> { IntegerShape() }
}

extension UInt64: Describable {
    @inlinable public static var schema: IntegerShape<UInt64> { IntegerShape() }
}

extension UInt32: Describable {
    @inlinable public static var schema: IntegerShape<UInt32> { IntegerShape() }
}

extension UInt16: Describable {
    @inlinable public static var schema: IntegerShape<UInt16> { IntegerShape() }
}

extension UInt8: Describable {
    @inlinable public static var schema: IntegerShape<UInt8> { IntegerShape() }
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
