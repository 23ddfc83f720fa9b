/// The schema of a finite number, with optional bounds.
///
/// NaN and the infinities, which pydantic takes but JSON cannot answer with, are refused as `finite_number`, and so is what
/// is past the range of a `Float`. A `Float` is the one nearest to the `Double` that was sent.
public struct FloatSchema<Value: BinaryFloatingPoint & LosslessStringConvertible & Sendable>: Schema {
    @usableFromInline let bounds: Bounds<Double>

    @inlinable
    init(_ bounds: Bounds<Double>) {
        self.bounds = bounds
    }

    @inlinable
    public func read(_ reader: inout JSONReader) throws(JSONFallback) -> Value {
        let number = try reader.double()
        let value = Value(number)
        guard bounds.brokenBound(number) == nil, value.isFinite else { throw JSONFallback() }
        return value
    }

    @inlinable
    public func write(_ value: Value, to writer: inout JSONWriter) {
        // The shortest text of a `Float` is not that of the `Double` of the same value.
        if let double = value as? Double { writer.double(double) } else { writer.number(value) }
    }

    public func validate(_ input: JSONValue, _ validation: inout Validation) -> Value? {
        guard let number = LaxFloat.parse(input, &validation) else { return nil }
        guard bounds.check(number, input, &validation) else { return nil }
        let value = Value(number)
        if value.isFinite { return value }
        validation.report("finite_number", "Input should be a finite number", input: input)
        return nil
    }

    @inlinable public var columnType: ColumnType { ColumnType(.real) }

    @inlinable
    public func columnValue(_ value: Value) -> ColumnValue { .real(Double(value)) }

    @inlinable
    public func value(ofColumn column: ColumnValue) -> Value? {
        guard case .real(let number) = column else { return nil }
        return Value(number)
    }

    public func jsonSchema(_ components: inout SchemaComponents) -> JSONValue {
        if let mistake = bounds.mistake { components.report(mistake) }
        guard components.isWritten else { return .null }
        return .object([JSONValue.Member("type", "number")] + bounds.jsonSchema)
    }
}

extension Double: SchemaRepresentable {
    @inlinable public static var schema: FloatSchema<Double> { .float() }
}

extension Float: SchemaRepresentable {
    @inlinable public static var schema: FloatSchema<Float> { .float32() }
}

extension Schema where Self == FloatSchema<Double> {
    /// A finite number of double precision.
    @inlinable
    public static func float(
        gt: Double? = nil, ge: Double? = nil, lt: Double? = nil, le: Double? = nil,
        multipleOf: Double? = nil
    ) -> Self {
        FloatSchema(Bounds(gt: gt, ge: ge, lt: lt, le: le, multipleOf: multipleOf))
    }
}

extension Schema where Self == FloatSchema<Float> {
    /// A finite number of single precision.
    @inlinable
    public static func float32(
        gt: Double? = nil, ge: Double? = nil, lt: Double? = nil, le: Double? = nil,
        multipleOf: Double? = nil
    ) -> Self {
        FloatSchema(Bounds(gt: gt, ge: ge, lt: lt, le: le, multipleOf: multipleOf))
    }
}
