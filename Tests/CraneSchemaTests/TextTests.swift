import CraneSchema
import Testing

@Suite("Values of plain text")
struct TextTests {
    static func outcome(_ schema: some Schema, _ text: String) -> Outcome {
        do {
            return .accepted(
                CraneSchemaTests.text(schema.encode(try schema.decode(text: text, at: ["query", "q"]))))
        } catch {
            return .refused(Outcome.issues(error))
        }
    }

    @Test("are read as pydantic reads strings")
    func accepted() {
        #expect(Self.outcome(.int(), "12") == .accepted("12"))
        #expect(Self.outcome(.int(), "-999999999999999999") == .accepted("-999999999999999999"))
        #expect(Self.outcome(.int(), " +1_0.0 ") == .accepted("10"))
        #expect(Self.outcome(Int?.schema, "3") == .accepted("3"))
        #expect(Self.outcome(.int(in: 1...100), "100") == .accepted("100"))
        #expect(Self.outcome(.float(), "1e3") == .accepted("1000.0"))
        #expect(Self.outcome(Bool.schema, "yes") == .accepted("true"))
        #expect(Self.outcome(.string(), "") == .accepted("\"\""))
        #expect(Self.outcome(Color.schema, "red") == .accepted("\"red\""))
        #expect(Self.outcome(Timestamp.schema, "0") == .accepted("\"1970-01-01T00:00:00.000000Z\""))
        #expect(
            Self.outcome(UniqueID.schema, "0123456789abcdef0123456789abcdef")
                == .accepted("\"01234567-89ab-cdef-0123-456789abcdef\""))
    }

    @Test("are refused with the text and its place")
    func refused() {
        #expect(
            Self.outcome(.int(in: 1...100), "101")
                == .refused(
                    #"[{"type":"less_than_equal","loc":["query","q"],"msg":"#
                        + #""Input should be less than or equal to 100","input":"101","ctx":{"le":100}}]"#))
        #expect(
            Self.outcome(Int?.schema, "")
                == .refused(
                    #"[{"type":"int_parsing","loc":["query","q"],"msg":"Input should be a valid integer, "#
                        + #"unable to parse string as an integer","input":""}]"#))
    }

    @Test("of one name make a list, each with its index")
    func lists() throws {
        #expect(try [Int].schema.decode(texts: ["1", " 2"], at: ["query", "q"]) == [1, 2])
        do {
            _ = try [Int].schema.decode(texts: ["1", "x"], at: ["query", "q"])
            Issue.record("accepted")
        } catch {
            #expect(error.issues.first?.location == ["query", "q", 1])
        }
    }
}
