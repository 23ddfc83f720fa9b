import Crane
import CraneFoundation
import CraneTesting
import Foundation
import Testing

@Suite("Foundation's types")
struct FoundationTests {
    /// The value as JSON, or the first issue.
    private func answer<Kind: Schema>(_ schema: Kind, _ json: String) -> (
        json: String?, issue: ValidationIssue?
    ) {
        do {
            let value = try schema.decode(Array(json.utf8))
            return (String(decoding: schema.encode(value), as: UTF8.self), nil)
        } catch {
            guard case .invalid(let failure) = error else { return (nil, nil) }
            return (nil, failure.issues.first)
        }
    }

    @Test("URLs are read and refused as pydantic does", arguments: urlAnswers)
    func urls(_ input: String, _ expected: String) {
        let (json, issue) = answer(URL.schema, input)
        // A percent sign alone is none of RFC 3986, by which Foundation writes.
        #expect((json ?? issue?.message) == expected.replacing("%zz", with: "%25zz"))
        // A path, a query or a form has the text without its quotes.
        guard let json, input.hasPrefix("\""), !input.contains("\\") else { return }
        let read = URL.schema.read(text: String(input.dropFirst().dropLast()))
        #expect(read.map { "\"\($0.absoluteString)\"" } == json)
    }

    /// What `Decimal` has no room for.
    private static let beyond = [
        "\"1e-400\"": "decimal_max_places", "\"1e1000000\"": "decimal_whole_digits",
        "\"123456789012345678901234567890123456789\"": "decimal_max_digits", "1e308": "decimal_whole_digits",
        "5e-324": "decimal_max_places",
    ]

    @Test(
        "decimal numbers are read and refused as pydantic does, where there is room for them",
        arguments: decimalAnswers)
    func decimals(_ input: String, _ expected: String) throws {
        let (json, issue) = answer(Decimal.schema, input)
        if let beyond = Self.beyond[input] {
            #expect(json == nil && issue?.type == beyond)
        } else if expected.hasPrefix("\"") {
            // Without trailing zeros and exponents, but the same number.
            let value = try Decimal.schema.decode(Array((json ?? "null").utf8))
            #expect(
                value == Decimal(string: String(expected.dropFirst().dropLast()), locale: nil),
                "\(json ?? "")")
        } else {
            #expect(json == nil && issue?.type == expected)
        }
    }

    @Test(
        "decimal numbers keep to their bounds in pydantic's words",
        arguments: [
            ("0", #""0""#), ("-1", "Input should be greater than or equal to 0"),
            ("\"10.5\"", "Input should be less than 10.5"), ("10.25", #""10.25""#),
            ("\"1.234\"", "Decimal input should have no more than 2 decimal places"),
            ("\"123456\"", "Decimal input should have no more than 5 digits in total"),
            ("\"1234.5\"", "Decimal input should have no more than 3 digits before the decimal point"),
            ("\"0.001\"", "Decimal input should have no more than 2 decimal places"),
            ("\"1e3\"", "Decimal input should have no more than 3 digits before the decimal point"),
            ("\"0.10\"", #""0.1""#),
        ])
    func bounds(_ input: String, _ expected: String) throws {
        let bound = try #require(Decimal(string: "10.5", locale: nil))
        let schema: DecimalSchema = .decimal(ge: 0, lt: bound, maxDigits: 5, decimalPlaces: 2)
        let (json, issue) = answer(schema, input)
        #expect((json ?? issue?.message) == expected)
        var components = SchemaComponents()
        #expect(
            schema.jsonSchema(&components) == [
                "anyOf": [["exclusiveMaximum": 10.5, "minimum": 0.0, "type": "number"], ["type": "string"]]
            ])
    }

    @Test("decimal numbers are multiples, and greater and less than others")
    func multiples() throws {
        let half = try #require(Decimal(string: "0.5", locale: nil))
        let schema: DecimalSchema = .decimal(gt: 1, le: 3, multipleOf: half)
        #expect(answer(schema, "\"2.5\"").json == #""2.5""#)
        #expect(answer(schema, "\"1\"").issue?.message == "Input should be greater than 1")
        #expect(answer(schema, "\"1.7\"").issue?.message == "Input should be a multiple of 0.5")
        #expect(answer(schema, "\"1.7\"").issue?.context.first?.value == 0.5)
        #expect(answer(schema, "4").issue?.message == "Input should be less than or equal to 3")
        #expect(answer(schema, "4").issue?.context.first?.value == 3)
    }

    @Test("URLs are of certain schemes and lengths in pydantic's words")
    func schemes() {
        let schema: URLSchema = .url(schemes: ["http", "https"], maxLength: 30)
        #expect(answer(schema, "\"https://a\"").json == #""https://a/""#)
        #expect(answer(schema, "\"ftp://a\"").issue?.message == "URL scheme should be 'http' or 'https'")
        let long = "\"http://\(String(repeating: "a", count: 30))\""
        #expect(answer(schema, long).issue?.message == "URL should have at most 30 characters")
        var components = SchemaComponents()
        #expect(
            schema.jsonSchema(&components) == [
                "format": "uri", "maxLength": 30, "minLength": 1, "type": "string",
            ])
    }

    @Test("UUIDs and dates are Crane's own in Foundation's form")
    func values() throws {
        let id = try #require(UUID(uuidString: "0192F0C1-7A3B-7C4D-8E5F-A1B2C3D4E5F6"))
        #expect(answer(UUID.schema, "\"\(id.uuidString)\"").json == "\"\(id.uuidString.lowercased())\"")
        #expect(UniqueID(id).description == id.uuidString.lowercased() && UUID(UniqueID(id)) == id)
        #expect(answer(UUID.schema, "\"x\"").issue?.type == "uuid_parsing")
        let moments: [(Double, String)] = [
            (0, "1970-01-01T00:00:00.000000Z"), (1_700_000_000.125, "2023-11-14T22:13:20.125000Z"),
            (-1.5, "1969-12-31T23:59:58.500000Z"), (1e15, "9999-12-31T23:59:59.000000Z"),
            (-1e15, "0001-01-01T00:00:00.000000Z"),
        ]
        for (seconds, text) in moments {
            let date = Date(timeIntervalSince1970: seconds)
            #expect(String(decoding: Date.schema.encode(date), as: UTF8.self) == "\"\(text)\"")
            if abs(seconds) < 1e12 { #expect(Date(Timestamp(date)) == date) }
        }
        #expect(
            try Date.schema.decode(Array("\"2030-01-02T03:04:05+01:00\"".utf8)).timeIntervalSince1970
                == 1_893_549_845)
        #expect(answer(Date.schema, "\"soon\"").issue?.type == "datetime_from_date_parsing")
    }

    private struct Order: SchemaRepresentable {
        let id: UUID
        let price: Decimal
        let page: URL
        let placed: Date

        static let schema = Object(Order.init) {
            Field("id", \.id)
            Field("price", \.price, .decimal(ge: 0, decimalPlaces: 2))
            Field("page", \.page, .url(schemes: ["https"]))
            Field("placed", \.placed)
        }
    }

    @Test("are fields, parameters and columns")
    func everywhere() async throws {
        var app = App()
        app.put(
            "/orders/{id}", Path("id", UUID.self), Query("tip", Decimal.self, default: 0), Body(Order.self)
        ) {
            id, tip, order in
            Order(id: id, price: order.price + tip, page: order.page, placed: order.placed)
        }
        let client = TestClient(app)
        let id = "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6"
        let order: JSONValue = [
            "id": .string(id), "price": 19.9, "page": "https://EXAMPLE.com", "placed": "2030-01-02T03:04:05Z",
        ]
        let answer = try await client.put("/orders/\(id)?tip=0.10", json: order)
        #expect(
            try answer.json() == [
                "id": .string(id), "price": "20", "page": "https://example.com/",
                "placed": "2030-01-02T03:04:05.000000Z",
            ])
        let refused = try await client.put(
            "/orders/x?tip=y", json: ["id": "x", "price": -1, "page": "ftp://x", "placed": 1e30])
        guard case .array(let issues)? = try refused.json()["detail"] else { throw HTTPError(500) }
        #expect(issues.count == 6)
        for (column, type) in zip(Order.schema.columns, [ColumnType.Storage.text, .text, .text, .timestamp]) {
            #expect(column.type.storage == type, "\(column.name)")
        }
        let value = try Order.schema.decode(answer.body)
        #expect(Decimal.schema.value(ofColumn: Decimal.schema.columnValue(value.price)) == value.price)
        #expect(URL.schema.value(ofColumn: URL.schema.columnValue(value.page)) == value.page)
        #expect(UUID.schema.value(ofColumn: UUID.schema.columnValue(value.id)) == value.id)
        #expect(Date.schema.value(ofColumn: Date.schema.columnValue(value.placed)) == value.placed)
    }
}
