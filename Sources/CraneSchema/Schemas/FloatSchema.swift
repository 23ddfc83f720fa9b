/// The schema of a finite number, with optional bounds.
///
/// NaN and the infinities, which pydantic takes but JSON cannot answer with, are refused as `finite_number`.
public struct FloatSchema: Schema {
    @usableFromInline let bounds: Bounds<Double>

    @inlinable
    init(_ bounds: Bounds<Double>) {
        self.bounds = bounds
    }

    @inlinable
    public func read(_ reader: inout JSONReader) throws(JSONFallback) -> Double {
        let value = try reader.double()
        guard bounds.brokenBound(value) == nil else { throw JSONFallback() }
        return value
    }

    @inlinable
    public func write(_ value: Double, to writer: inout JSONWriter) {
        writer.double(value)
    }

    public func validate(_ input: JSONValue, _ validation: inout Validation) -> Double? {
        guard let number = LaxFloat.parse(input, &validation) else { return nil }
        guard bounds.check(number, input, &validation) else { return nil }
        if number.isFinite { return number }
        validation.report("finite_number", "Input should be a finite number", input: input)
        return nil
    }

    @inlinable public var columnType: ColumnType { ColumnType(.real) }

    @inlinable
    public func columnValue(_ value: Double) -> ColumnValue { .real(value) }

    @inlinable
    public func value(ofColumn column: ColumnValue) -> Double? {
        guard case .real(let number) = column else { return nil }
        return number
    }

    public func jsonSchema(_ components: inout SchemaComponents) -> JSONValue {
        if let mistake = bounds.mistake { components.report(mistake) }
        return .object([JSONValue.Member("type", "number")] + bounds.jsonSchema)
    }
}

extension Double: SchemaRepresentable {
    @inlinable public static var schema: FloatSchema { .float() }
}

extension Schema where Self == FloatSchema {
    /// A finite number of double precision.
    @inlinable
    public static func float(
        gt: Double? = nil, ge: Double? = nil, lt: Double? = nil, le: Double? = nil,
        multipleOf: Double? = nil
    ) -> Self {
        FloatSchema(Bounds(gt: gt, ge: ge, lt: lt, le: le, multipleOf: multipleOf))
    }
}
