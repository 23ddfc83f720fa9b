import Schema
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
