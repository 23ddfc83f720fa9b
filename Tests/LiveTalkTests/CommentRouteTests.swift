import CraneSQLite
import CraneSchema
import HTTPTypes
import Synchronization
import Testing

@testable import LiveTalk

@Suite("The comment routes")
struct CommentRouteTests {
    static let good = #"{"talk_id":1,"user_ip":"1.2.3.4","comment_text":"hi"}"#

    /// A clock that begins at a known moment and moves a second at each look.
    private func steppingClock() -> @Sendable () -> Timestamp {
        let ticks = Ticks()
        return { ticks.next() }
    }

    private final class Ticks: Sendable {
        private let count = Atomic<Int>(0)
        func next() -> Timestamp {
            let tick = count.wrappingAdd(1, ordering: .relaxed).oldValue
            return Timestamp(microseconds: 1_795_343_266_435_120 + tick * 1_000_000)
        }
    }

    private func client() throws -> Client {
        try Client(store: SQLiteCommentStore(.testing(), now: steppingClock()))
    }

    @Test("keep a comment through its life")
    func lifeCycle() async throws {
        let client = try client()
        let created = try await client.send("POST", "/comments/", json: Self.good)
        #expect(created.status == 200)
        #expect(created.headers[.contentType] == "application/json")
        let body =
            #"{"id":1,"talk_id":1,"user_ip":"1.2.3.4","comment_text":"hi","#
            + #""created_at":"2026-11-22T10:27:46.435120Z","updated_at":"2026-11-22T10:27:46.435120Z"}"#
        #expect(created.body == body)
        let read = try await client.send("GET", "/comments/1")
        #expect(read.status == 200)
        #expect(read.body == body)
        let same = try await client.send("PUT", "/comments/1", json: #"{"comment_text":"hi"}"#)
        #expect(same.body == body)
        let changed = try await client.send("PUT", "/comments/1", json: #"{"comment_text":"ho"}"#)
        #expect(
            changed.body
                == #"{"id":1,"talk_id":1,"user_ip":"1.2.3.4","comment_text":"ho","#
                + #""created_at":"2026-11-22T10:27:46.435120Z","updated_at":"2026-11-22T10:27:48.435120Z"}"#)
        let deleted = try await client.send("DELETE", "/comments/1")
        #expect(deleted.status == 200)
        #expect(deleted.body == #"{"message":"Comment deleted"}"#)
        for method in ["GET", "DELETE"] {
            let gone = try await client.send(method, "/comments/1")
            #expect(gone.status == 404)
            #expect(gone.body == #"{"detail":"Comment not found"}"#)
        }
        let absent = try await client.send("PUT", "/comments/1", json: #"{"comment_text":"hi"}"#)
        #expect(absent.status == 404)
        let next = try await client.send("POST", "/comments/", json: Self.good)
        #expect(next.body.hasPrefix(#"{"id":2,"#))
    }

    @Test("list comments by id, of one talk or all, page by page")
    func lists() async throws {
        let client = try client()
        for talk in [1, 2, 1, 2, 1] {
            let body = #"{"talk_id":\#(talk),"user_ip":"a","comment_text":"b"}"#
            #expect(try await client.send("POST", "/comments/", json: body).status == 200)
        }
        func ids(_ target: String) async throws -> [String] {
            let body = try await client.send("GET", target).body
            return body.split(separator: "{\"id\":").dropFirst().map { String($0.prefix { $0 != "," }) }
        }
        #expect(try await ids("/comments/") == ["1", "2", "3", "4", "5"])
        #expect(try await ids("/comments/?talk_id=2") == ["2", "4"])
        #expect(try await ids("/comments/?offset=1&limit=2") == ["2", "3"])
        #expect(try await ids("/comments/?talk_id=1&offset=2") == ["5"])
        #expect(try await ids("/comments/?offset=9223372036854775807") == [])
        #expect(try await client.send("GET", "/comments/?talk_id=777").body == "[]")
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let target: String
        let status: Int
        let body: String
        var testDescription: String { target }

        init(_ target: String, _ status: Int, _ body: String) {
            self.target = target
            self.status = status
            self.body = body
        }

        static func parsing(_ target: String, _ location: String, _ input: String) -> Case {
            Case(target, 422, "{\"detail\":[\(issue(location, input))]}")
        }

        static func size(_ target: String, _ location: String, _ input: String) -> Case {
            Case(
                target, 422,
                #"{"detail":[{"type":"int_parsing_size","loc":[\#(location)],"msg":"Unable to parse input string "#
                    + #"as an integer, exceeded maximum size","input":"\#(input)"}]}"#)
        }

        static func issue(_ location: String, _ input: String) -> String {
            #"{"type":"int_parsing","loc":[\#(location)],"msg":"Input should be a valid integer, unable to parse "#
                + #"string as an integer","input":"\#(input)"}"#
        }

        static func bound(
            _ query: String, _ type: String, _ wording: String, _ input: String, _ bound: String
        ) -> Case {
            let name = query.prefix { $0 != "=" }
            let (key, value) = (bound.prefix(2), bound.dropFirst(3))
            return Case(
                "/comments/?" + query, 422,
                #"{"detail":[{"type":"\#(type)","loc":["query","\#(name)"],"msg":"Input should be \#(wording) \#(value)","#
                    + #""input":"\#(input)","ctx":{"\#(key)":\#(value)}}]}"#)
        }
    }

    static let pathID = #""path","comment_id""#
    static let notFound = #"{"detail":"Comment not found"}"#

    static let reads: [Case] =
        ["-1", "-0", "0", "00", "0.0", "-1.0", "9223372036854775807", "-9223372036854775808"].map {
            Case("/comments/\($0)", 404, notFound)
        }
        + [
            ("1.", "1."), ("1.5", "1.5"), ("1__0", "1__0"), ("%20", " "), ("abc", "abc"), ("1a", "1a"),
            ("0x1", "0x1"), ("1e0", "1e0"), ("%D9%A1", "١"), ("%EF%BC%91", "１"), ("1;a", "1;a"),
            ("true", "true"), ("%00", "\\u0000"), ("1%00", "1\\u0000"), ("%FF", "\u{FFFD}"), (".", "."),
            ("..", ".."), ("+", "+"), ("+-1", "+-1"), ("%2B%2B1", "++1"), ("_1", "_1"), ("1_", "1_"),
            ("-%201", "- 1"), ("1.0_0", "1.0_0"), (".0", ".0"), ("%22%3C%3E", "\\\"<>"), ("%c3%a9", "é"),
            ("1%25", "1%"),
        ].map { Case.parsing("/comments/\($0.0)", pathID, $0.1) }
        + [
            "9223372036854775808", "-9223372036854775809", "99999999999999999999999999",
        ].map { Case.size("/comments/\($0)", pathID, $0) }
        + [
            Case.size(
                "/comments/\(String(repeating: "1", count: 4400))", pathID,
                String(repeating: "1", count: 509) + "..." + String(repeating: "1", count: 509))
        ]

    @Test("refuse what is no id, as pydantic words it, and never with a 500", arguments: reads)
    func refusedIDs(_ example: Case) async throws {
        let answer = try await client().send("GET", example.target)
        #expect(answer.status == example.status)
        #expect(answer.body == example.body)
    }

    @Test(
        "take every spelling of an id that pydantic takes",
        arguments: [
            "1", "+1", "001", "1.0", "1.00", "%201", "1%20", "%2B1", "%31", "1?x=1", "1%0A", "%E2%80%831",
            "1%C2%A0", "1%2E0",
        ])
    func acceptedIDs(_ id: String) async throws {
        let client = try client()
        _ = try await client.send("POST", "/comments/", json: Self.good)
        #expect(try await client.send("GET", "/comments/\(id)").status == 200)
    }

    static let queries: [Case] = [
        .parsing("/comments/?talk_id=", #""query","talk_id""#, ""),
        .parsing("/comments/?talk_id=true", #""query","talk_id""#, "true"),
        .parsing("/comments/?talk_id=777&talk_id=x", #""query","talk_id""#, "x"),
        .size("/comments/?talk_id=9223372036854775808", #""query","talk_id""#, "9223372036854775808"),
        .bound("limit=0", "greater_than_equal", "greater than or equal to", "0", "ge:1"),
        .bound("limit=101", "less_than_equal", "less than or equal to", "101", "le:100"),
        .bound("limit=-1", "greater_than_equal", "greater than or equal to", "-1", "ge:1"),
        .bound("offset=-1", "greater_than_equal", "greater than or equal to", "-1", "ge:0"),
        .parsing("/comments/?limit=1;offset=1", #""query","limit""#, "1;offset=1"),
        .parsing("/comments/?limit", #""query","limit""#, ""),
        .parsing("/comments/?limit==1", #""query","limit""#, "=1"),
        .parsing("/comments/?limit=1&offset=%", #""query","offset""#, "%"),
        .parsing("/comments/?limit=%E2%82", #""query","limit""#, "\u{FFFD}"),
        .parsing("/comments/?limit=%zz", #""query","limit""#, "%zz"),
        .parsing("/comments/?talk_id=%00", #""query","talk_id""#, "\\u0000"),
        .size("/comments/?offset=9223372036854775808", #""query","offset""#, "9223372036854775808"),
        Case(
            "/comments/?limit=c&offset=b&talk_id=a", 422,
            "{\"detail\":[\(Case.issue(#""query","talk_id""#, "a")),\(Case.issue(#""query","offset""#, "b")),"
                + "\(Case.issue(#""query","limit""#, "c"))]}"),
        Case("/comments/?talk_id=x&talk_id=777", 200, "[]"),
        Case("/comments/?limit=0&limit=1", 200, "[]"),
        Case("/comments/?limit=1&&&", 200, "[]"),
        Case("/comments/?%6cimit=1+", 200, "[]"),
        Case("/comments/?Talk_id=a&talk_id[]=b", 200, "[]"),
        Case("/comments/??limit=x", 200, "[]"),
    ]

    @Test("check the list's parameters as FastAPI does", arguments: queries)
    func listParameters(_ example: Case) async throws {
        let answer = try await client().send("GET", example.target)
        #expect(answer.status == example.status)
        #expect(answer.body == example.body)
    }
}
