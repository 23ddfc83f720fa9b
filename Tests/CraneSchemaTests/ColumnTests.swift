import Testing

@testable import CraneSchema

@Suite("Columns")
struct ColumnTests {
    enum Level: String, CaseIterable, SchemaRepresentable {
        case low, high

        static let schema = Choice<Level>()
    }

    struct Everything: SchemaRepresentable, Equatable {
        let id: Int
        let small: Int8
        let ratio: Double
        let isOn: Bool
        let text: String
        let level: Level
        let key: UniqueID
        let at: Timestamp
        let tags: [String]
        let note: String?

        static let schema = Object(Everything.init) {
            Field("id", \.id)
            Field("small", \.small, default: -1)
            Field("ratio", \.ratio, default: 0.5)
            Field("is_on", \.isOn, default: true)
            Field("text", \.text, .string(maxLength: 3))
            Field("level", \.level, default: .low)
            Field("key", \.key)
            Field("at", \.at)
            Field("tags", \.tags, default: ["a"])
            Field("note", \.note, default: nil)
        }
    }

    private let value = Everything(
        id: 7, small: 3, ratio: 1.5, isOn: false, text: "long", level: .high,
        key: UniqueID(high: 1, low: 2), at: Timestamp(microseconds: 5), tags: ["x", "y"], note: "n")

    @Test("are the fields, each kept as what it is")
    func types() {
        let columns = Everything.schema.columns
        #expect(
            columns.map(\.name) == [
                "id", "small", "ratio", "is_on", "text", "level", "key", "at", "tags", "note",
            ])
        #expect(
            columns.map(\.type.storage) == [
                .integer, .integer, .real, .boolean, .text, .text, .text, .timestamp, .json, .text,
            ])
        #expect(columns.map(\.type.isNullable) == Array(repeating: false, count: 9) + [true])
        #expect(
            columns.map(\.fallback) == [
                nil, .integer(-1), .real(0.5), .integer(1), nil, .text("low"), nil, nil, .text(#"["a"]"#),
                .null,
            ])
    }

    private func row(of value: Everything) -> [ColumnValue] {
        (0..<Everything.schema.columnCount).map { Everything.schema.columnValue(of: value, at: $0) }
    }

    @Test("hold a value and give it back, whatever its bounds are by now")
    func roundTrip() throws {
        let row = row(of: value)
        #expect(
            row == [
                .integer(7), .integer(3), .real(1.5), .integer(0), .text("long"), .text("high"),
                .text("00000000-0000-0001-0000-000000000002"), .integer(5), .text(#"["x","y"]"#), .text("n"),
            ])
        #expect(try Everything.schema.value { place, _ in row[place] } == value)
        var without = row
        without[9] = .null
        #expect(try Everything.schema.value { place, _ in without[place] }.note == nil)
    }

    @Test(
        "say by name what is no value of a field",
        arguments: [
            (1, ColumnValue.integer(300)), (2, .text("1")), (3, .null), (4, .integer(1)),
            (5, .text("middle")),
            (6, .text("no key")), (7, .text("now")), (8, .text("[1")), (9, .integer(0)),
        ])
    func mismatches(place: Int, stored: ColumnValue) {
        var row = row(of: value)
        row[place] = stored
        #expect(throws: ColumnMismatch(name: Everything.schema.columns[place].name)) {
            try Everything.schema.value { place, _ in row[place] }
        }
    }

    @Test("keep the largest numbers of 64 bits")
    func large() {
        let schema = UInt64.schema
        #expect(schema.value(ofColumn: schema.columnValue(.max)) == .max)
        #expect(Int.schema.value(ofColumn: Int.schema.columnValue(.min)) == .min)
    }
}
