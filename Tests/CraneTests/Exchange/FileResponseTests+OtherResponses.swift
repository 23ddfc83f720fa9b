import CraneSchema
import CraneSystem
import Glibc
import HTTPTypes
import Testing

@testable import Crane

extension FileResponseTests {
    @Test("pages, texts, redirects and streams answer for themselves and say so in OpenAPI")
    func others() async throws {
        var app = App.quiet
        app.get("/html") { HTML("<p>") }
        app.get("/text") { PlainText("hello") }.status(.accepted)
        app.get("/away") { RedirectResponse(to: "/a b?c") }
        app.get("/stream") {
            StreamingResponse("text/csv") { writer in
                try await writer.write("a,")
                try await writer.write("b")
            }
        }
        let page = try await app.answer("GET", "/html")
        #expect(page.line == "200 <p>")
        #expect(page.headers[.contentType] == "text/html; charset=utf-8")
        #expect(try await app.answer("GET", "/text").line == "202 hello")
        let away = try await app.answer("GET", "/away")
        #expect(away.status == .temporaryRedirect)
        #expect(away.headers[.location] == "/a%20b?c")
        let stream = try await app.answer("GET", "/stream")
        #expect(String(decoding: try await stream.collected(), as: UTF8.self) == "a,b")
        let paths = app.document["paths"]
        #expect(
            paths?["/html"]?["get"]?["responses"]?.text
                == #"{"200":{"description":"Successful Response","content":{"text/html":{"schema":{"type":"string"}}}}}"#
        )
        #expect(
            paths?["/away"]?["get"]?["responses"]?.text == #"{"307":{"description":"Successful Response"}}"#)
    }

    @Test("inputs may change status, fields and cookies of a value's answer, but not of an error's")
    func changes() async throws {
        let counting = Dependency(ResponseInput()) { $0.setHeader(.retryAfter, "9") }
        var app = App.quiet
        app.get("/", ResponseInput(), counting, Query("fail", Bool.self, default: false)) {
            response, _, fail in
            response.setStatus(.created)
            response.setCookie(SetCookie("a", "b c;é\"", maxAge: .seconds(60), httpOnly: true))
            response.setCookie(SetCookie("d", "e", path: nil, domain: "x.y", secure: true, sameSite: nil))
            response.deleteCookie("old", path: "/x")
            if fail { throw HTTPError(.conflict) }
            return 1
        }
        let answer = try await app.answer("GET", "/")
        #expect(answer.line == "201 1")
        #expect(answer.headers[.retryAfter] == "9")
        #expect(
            answer.headers[values: .setCookie] == [
                #"a="b c\073\303\251\""; HttpOnly; Max-Age=60; Path=/; SameSite=lax"#,
                "d=e; Domain=x.y; Secure", "old=; Max-Age=0; Path=/x; SameSite=lax",
            ])
        let failed = try await app.answer("GET", "/?fail=1")
        #expect(failed.status == .conflict)
        #expect(failed.headers[.setCookie] == nil)
        var reading = App.quiet
        reading.get("/", Cookie("a", String.self)) { $0 }
        let sent = [("cookie", #"a="b c\073\303\251\"""#)]
        #expect(try await reading.answer("GET", "/", sent).text == #""b c;é\"""#)
    }

    @Test("a cookie whose name, path or domain would say more than that ends the process")
    func cookieMistakes() async {
        _ = SetCookie("__Host-a", "any; text\r\n", path: "/a,b", domain: "x.y")
        await #expect(processExitsWith: .failure) { _ = SetCookie("a;b", "") }
        await #expect(processExitsWith: .failure) { _ = SetCookie("a,b", "") }
        await #expect(processExitsWith: .failure) { _ = SetCookie("", "") }
        await #expect(processExitsWith: .failure) { _ = SetCookie("a", "", path: "/; Domain=x.y") }
        await #expect(processExitsWith: .failure) { _ = SetCookie("a", "", domain: "x.y\r\n") }
    }
}
