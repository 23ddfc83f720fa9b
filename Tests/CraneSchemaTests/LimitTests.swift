import CraneSchema
import Testing

@Suite("Limits of the reader")
struct LimitTests {
    static func nested(_ depth: Int) -> String {
        String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }

    @Test("nesting is read up to the limit and unreadable past it")
    func depth() {
        let limit = JSONLimits().depth
        #expect(Outcome(JSONValue.schema, Self.nested(limit)) == .accepted(Self.nested(limit)))
        #expect(Outcome(JSONValue.schema, Self.nested(limit + 1)) == .unreadable)
        #expect(Outcome(JSONValue.schema, String(repeating: "[", count: 1_000_000)) == .unreadable)
        #expect(
            Outcome(JSONValue.schema, String(repeating: "{\"a\":", count: 1_000_000)) == .unreadable)
    }

    @Test("members that nobody asked for count as well", arguments: [63, 64, 65, 966, 967])
    func depthWithin(_ depth: Int) {
        let body = "{\"name\":\"x\",\"more\":\(Self.nested(depth))}"
        #expect(Outcome(Dog.schema, body) == .accepted("{\"name\":\"x\"}"))
    }

    @Test("one level more than that is unreadable")
    func depthWithinPastLimit() {
        #expect(Outcome(Dog.schema, "{\"name\":\"x\",\"more\":\(Self.nested(968))}") == .unreadable)
    }

    @Test("a type that contains itself ends at the limit")
    func recursiveType() {
        func node(_ depth: Int) -> String {
            String(repeating: "{\"name\":\"n\",\"children\":[", count: depth) + "{\"name\":\"leaf\"}"
                + String(repeating: "]}", count: depth)
        }
        let leaf = "{\"name\":\"leaf\",\"children\":[]}"
        #expect(
            Outcome(Node.schema, node(1)) == .accepted("{\"name\":\"n\",\"children\":[\(leaf)]}"))
        if case .accepted = Outcome(Node.schema, node(480)) {} else { Issue.record("not accepted") }
        #expect(Outcome(Node.schema, node(500)) == .unreadable)
    }

    @Test("a text past the bound on bytes is unreadable")
    func size() {
        let limits = JSONLimits(bytes: 8)
        #expect(Outcome(String.schema, Array("\"123456\"".utf8), limits: limits) == .accepted("\"123456\""))
        #expect(Outcome(String.schema, Array("\"1234567\"".utf8), limits: limits) == .unreadable)
    }

    @Test("whole numbers of more than 4300 digits are unreadable, as Python's int is")
    func digits() {
        let digits = String(repeating: "9", count: 4300)
        #expect(Outcome(JSONValue.schema, digits) == .accepted(digits))
        #expect(Outcome(JSONValue.schema, digits + "9") == .unreadable)
        #expect(Outcome(Dog.schema, "{\"name\":\"x\",\"n\":\(digits)9}") == .unreadable)
    }

    @Test("issues are counted to their end and listed up to a bound")
    func issues() {
        let count = Validation.maximumIssues + 5
        let body = "[" + Array(repeating: "\"\"", count: count).joined(separator: ",") + "]"
        do throws(DecodingFailure) {
            _ = try [Int].schema.decode(Array(body.utf8))
            Issue.record("accepted")
        } catch {
            guard case .invalid(let error) = error else {
                Issue.record("unreadable")
                return
            }
            #expect(error.issues.count == Validation.maximumIssues)
        }
    }

    private func issues<Content: Schema>(_ schema: Content, _ json: String) -> [ValidationIssue] {
        do throws(DecodingFailure) {
            _ = try schema.decode(Array(json.utf8))
        } catch {
            if case .invalid(let error) = error { return error.issues }
        }
        return []
    }

    @Test("what takes at most 1 KiB of JSON is echoed as it is")
    func shortEcho() {
        let inputs = [
            "\"\(String(repeating: "x", count: 1022))\"", "\"\(String(repeating: "\\n", count: 511))\"",
            "[\(Array(repeating: "7", count: 511).joined(separator: ","))]",
            "\(String(repeating: "9", count: 1024))",
            String(repeating: "[", count: 512) + String(repeating: "]", count: 512),
            "[" + Array(repeating: #"{"a":1}"#, count: 127).joined(separator: ",") + ",1,12345]",
        ]
        for input in inputs { #expect(issues(Bool.schema, input).first?.input.json == input) }
    }

    @Test("a longer text is echoed by its beginning and its end, cut between code points")
    func longText() throws {
        let text = "é" + String(repeating: "😀", count: 100_000) + "z"
        let echo = try #require(issues(Int.schema, "\"\(text)\"").first?.input)
        guard case .string(let short) = echo else { return #expect(Bool(false)) }
        #expect(short.hasPrefix("é😀😀") && short.hasSuffix("😀😀z") && short.contains("😀...😀"))
        #expect((900...1024).contains(echo.json.utf8.count))
        #expect(!short.contains("\u{FFFD}"))
    }

    @Test("longer lists and objects are echoed by their beginning and a sign, and stay JSON")
    func longContainers() throws {
        let long = String(repeating: "\\u0001", count: 9000)
        let inputs = [
            "[\(Array(repeating: "[0]", count: 9000).joined(separator: ","))]",
            "{\"a\":1,\"b\":\"\(long)\",\"c\":[\"\(long)\"]}", "{\"\(long)\":1}", "[[[\"\(long)\"]]]",
            String(repeating: "[", count: 900) + "1" + String(repeating: "]", count: 900),
            String(repeating: "9", count: 4000),
        ]
        for input in inputs {
            let echo = try #require(issues(String.schema, "[\(input)]").first?.input)
            #expect(echo.json.utf8.count <= 1100)
            #expect(try JSONValue.parse(Array(echo.json.utf8)) == echo)
            #expect(echo.json.contains("..."))
        }
        let object = issues(Dog.schema, inputs[1]).first?.input
        #expect(object?["a"] == 1)
        #expect(object?["..."] == "...")
    }

    @Test("a response of very many issues is bounded, whatever they echo")
    func answerLength() throws {
        let item = "\"\(String(repeating: "x", count: 2000))\""
        let found = issues([Int].schema, "[\(Array(repeating: item, count: 5000).joined(separator: ","))]")
        #expect(found.count == Validation.maximumIssues)
        let body = ValidationError(found).body
        #expect(body.count < 260 << 10)
        #expect(try JSONValue.parse(body)["detail"] != nil)
    }

    @Test("long names and tags of the client are cut where issues tell of them")
    func longNames() {
        let long = String(repeating: "k", count: 100_000)
        let found = issues([String: Int].schema, "{\"\(long)\":\"x\"}")
        #expect(ValidationError(found).body.count < 4000)
        let tagged = issues(Pet.schema, "{\"kind\":\"\(long)\"}")
        #expect(ValidationError(tagged).body.count < 8000)
    }

    @Test("an object of very many members is read in time linear to them")
    func manyMembers() {
        let members = (0..<50_000).map { "\"k\($0)\":\($0)" }.joined(separator: ",")
        let body = "{\(members),\"k0\":-1,\"name\":\"x\"}"
        #expect(Outcome(Dog.schema, body) == .accepted("{\"name\":\"x\"}"))
        guard case .accepted(let json) = Outcome(JSONValue.schema, body) else {
            Issue.record("not accepted")
            return
        }
        #expect(json.hasPrefix("{\"k0\":-1,\"k1\":1,"))
    }
}
