public import CraneSchema
public import Foundation

/// The schema of Foundation's UUID: as that of `UniqueID`.
public struct UUIDSchema: Schema {
    private let content = UniqueID.schema

    init() {}

    public func read(_ reader: inout JSONReader) throws(JSONFallback) -> UUID {
        UUID(try content.read(&reader))
    }

    public func read(text: String) -> UUID? { content.read(text: text).map { UUID($0) } }

    public func validate(_ input: JSONValue, _ validation: inout Validation) -> UUID? {
        content.validate(input, &validation).map { UUID($0) }
    }

    public func write(_ value: UUID, to writer: inout JSONWriter) {
        content.write(UniqueID(value), to: &writer)
    }

    public func jsonSchema(_ components: inout SchemaComponents) -> JSONValue {
        content.jsonSchema(&components)
    }

    public var columnType: ColumnType { content.columnType }

    public func columnValue(_ value: UUID) -> ColumnValue { content.columnValue(UniqueID(value)) }

    public func value(ofColumn column: ColumnValue) -> UUID? {
        content.value(ofColumn: column).map { UUID($0) }
    }
}

extension UUID: SchemaRepresentable {
    public static var schema: UUIDSchema { UUIDSchema() }

    /// The same as Foundation has it.
    public init(_ id: UniqueID) {
        func byte(_ number: UInt64, _ place: UInt64) -> UInt8 {
            UInt8(truncatingIfNeeded: number >> (56 - 8 * place))
        }
        self.init(
            uuid: (
                byte(id.high, 0), byte(id.high, 1), byte(id.high, 2), byte(id.high, 3), byte(id.high, 4),
                byte(id.high, 5), byte(id.high, 6), byte(id.high, 7), byte(id.low, 0), byte(id.low, 1),
                byte(id.low, 2), byte(id.low, 3), byte(id.low, 4), byte(id.low, 5), byte(id.low, 6),
                byte(id.low, 7)
            ))
    }
}

extension UniqueID {
    /// The same as Crane has it.
    public init(_ id: UUID) {
        let bytes = id.uuid
        func number(_ bytes: [UInt8]) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
        self.init(
            high: number([bytes.0, bytes.1, bytes.2, bytes.3, bytes.4, bytes.5, bytes.6, bytes.7]),
            low: number([
                bytes.8, bytes.9, bytes.10, bytes.11, bytes.12, bytes.13, bytes.14, bytes.15,
            ]))
    }
}
