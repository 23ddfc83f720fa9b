/// The schema of a whole number, with optional bounds.
public struct IntegerSchema<Value: FixedWidthInteger & Sendable>: Schema {
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
    public func read(_ reader: inout JSONReader) throws(JSONFallback) -> Value {
        let number = try reader.integer()
        guard bounds.brokenBound(number) == nil, let value = Value(exactly: number) else {
            throw JSONFallback()
        }
        return value
    }

    @inlinable public static var readsBytes: Bool { true }

    @inlinable
    public func read(bytes: Span<UInt8>) -> Value? {
        guard let number = LaxInteger.plain(bytes), bounds.brokenBound(number) == nil else { return nil }
        return Value(exactly: number)
    }

    @inlinable
    public func read(text: String) -> Value? { read(bytes: text.utf8.span) }

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
        guard components.isWritten else { return .null }
        var members: [JSONValue.Member] = [.init("type", "integer")]
        // OpenAPI's format registry: pydantic's numbers have no end, these are refused past 64 bits.
        if Value.bitWidth == 64, !bounds.hasBothEnds { members.append(.init("format", "int64")) }
        return .object(members + bounds.jsonSchema)
    }
}

extension Int: SchemaRepresentable {
    @inlinable public static var schema: IntegerSchema<Int> { IntegerSchema() }
}

extension Int64: SchemaRepresentable {
    @inlinable public static var schema: IntegerSchema<Int64> { IntegerSchema() }
}

extension Int32: SchemaRepresentable {
    @inlinable public static var schema: IntegerSchema<Int32> { IntegerSchema() }
}

extension Int16: SchemaRepresentable {
    @inlinable public static var schema: IntegerSchema<Int16> { IntegerSchema() }
}

extension Int8: SchemaRepresentable {
    @inlinable public static var schema: IntegerSchema<Int8> { IntegerSchema() }
}

extension UInt: SchemaRepresentable {
    @inlinable public static var schema: IntegerSchema<UInt> { IntegerSchema() }
}

extension UInt64: SchemaRepresentable {
    @inlinable public static var schema: IntegerSchema<UInt64> { IntegerSchema() }
}

extension UInt32: SchemaRepresentable {
    @inlinable public static var schema: IntegerSchema<UInt32> { IntegerSchema() }
}

extension UInt16: SchemaRepresentable {
    @inlinable public static var schema: IntegerSchema<UInt16> { IntegerSchema() }
}

extension UInt8: SchemaRepresentable {
    @inlinable public static var schema: IntegerSchema<UInt8> { IntegerSchema() }
}

extension Schema where Self == IntegerSchema<Int> {
    /// A whole number of 64 bits.
    @inlinable
    public static func int(
        gt: Int? = nil, ge: Int? = nil, lt: Int? = nil, le: Int? = nil, multipleOf: Int? = nil
    ) -> Self {
        IntegerSchema(Bounds(gt: gt, ge: ge, lt: lt, le: le, multipleOf: multipleOf))
    }

    /// A whole number in a closed range.
    @inlinable
    public static func int(in range: ClosedRange<Int>) -> Self {
        .int(ge: range.lowerBound, le: range.upperBound)
    }
}
