import Testing

@testable import Crane

/// RFC 9110, section 13.1.
@Suite("Preconditions")
struct PreconditionTests {
    private func verdict(
        _ field: String, _ value: String, on tag: String = "\"v7\"", _ method: String = "GET",
        modified: Int64? = nil
    ) throws -> Preconditions.Verdict {
        Preconditions(try Call(method, "/", (field, value)).request()).verdict(on: tag, modified: modified)
    }

    @Test(
        "If-Match compares strongly (13.1.1)",
        arguments: [
            ("\"v7\"", true), ("\"v6\", \"v7\"", true), ("\"v6\",\"v7\"", true), ("*", true), (" * ", true),
            ("\"v6\"", false), ("W/\"v7\"", false), ("v7", false), ("\"v6,\"v7\"", false), ("", false),
            ("\"a,\", \"v7\"", true),
            ("\"a, \"v7\" b\"", false),
        ])
    func ifMatch(_ list: String, _ proceeds: Bool) throws {
        #expect(try verdict("if-match", list, "PUT") == (proceeds ? .proceed : .failed))
        // Nothing but `*` matches a weak tag of the server's own.
        #expect(
            try verdict("if-match", list, on: "W/\"v7\"", "PUT") == (list.contains("*") ? .proceed : .failed))
    }

    @Test(
        "If-None-Match compares weakly (13.1.2)",
        arguments: [
            ("\"v7\"", true), ("W/\"v7\"", true), ("\"v6\", W/\"v7\"", true), ("*", true), ("\"v6\"", false),
            ("w/\"v7\"", false), ("W/v7", false), (", ,\"v7\",", true),
        ])
    func ifNoneMatch(_ list: String, _ matches: Bool) throws {
        for tag in ["\"v7\"", "W/\"v7\""] {
            #expect(try verdict("if-none-match", list, on: tag) == (matches ? .notModified : .proceed))
            #expect(
                try verdict("if-none-match", list, on: tag, "HEAD") == (matches ? .notModified : .proceed))
            #expect(try verdict("if-none-match", list, on: tag, "PUT") == (matches ? .failed : .proceed))
        }
    }

    @Test("a tag holds commas and whatever else is no quote")
    func commas() throws {
        #expect(try verdict("if-none-match", "\"a,b\", \"c\"", on: "\"a,b\"") == .notModified)
        #expect(try verdict("if-none-match", "\"a,b\"", on: "\"b\"") == .proceed)
        #expect(try verdict("if-none-match", "\"*\"", on: "\"v7\"") == .proceed)
    }

    @Test("dates count to the second, and for reading alone (13.1.3, 13.1.4)")
    func dates() throws {
        let date = "Sun, 06 Nov 1994 08:49:37 GMT"
        let second: Int64 = 784_111_777
        #expect(try verdict("if-modified-since", date, modified: second) == .notModified)
        #expect(try verdict("if-modified-since", date, modified: second + 1) == .proceed)
        #expect(try verdict("if-modified-since", date, "PUT", modified: second) == .proceed)
        #expect(try verdict("if-modified-since", "yesterday", modified: second) == .proceed)
        #expect(try verdict("if-unmodified-since", date, "PUT", modified: second) == .proceed)
        #expect(try verdict("if-unmodified-since", date, "PUT", modified: second + 1) == .failed)
    }

    @Test("If-Range takes the strong tag or the very date (13.1.5)")
    func ifRange() throws {
        func allows(_ condition: String, _ tag: String) throws -> Bool {
            FileVersion(tag: tag, modified: 784_111_777).allowsRange(
                try Call("GET", "/", ("if-range", condition)).request())
        }
        #expect(try allows("\"v7\"", "\"v7\"") && allows("Sun, 06 Nov 1994 08:49:37 GMT", "\"v7\""))
        #expect(try !allows("\"v6\"", "\"v7\"") && !allows("Sun, 06 Nov 1994 08:49:38 GMT", "\"v7\""))
        #expect(try !allows("W/\"v7\"", "W/\"v7\"") && !allows("W/\"v7\"", "\"v7\""))
    }
}
