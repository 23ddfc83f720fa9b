import Foundation
import Testing

@Suite("livetalk demo")
struct DemoCommandTests {
    @Test("serves a talk that goes on by itself, whose moderator can log in, and ends cleanly")
    func demo() throws {
        let demo = try LiveTalkProcess(command: ["demo", "--port", "0", "--rate", "600", "--seed", "5"])
        let client = try HTTPClient(port: demo.port)
        for page in ["/t/demo", "/t/demo/stage", "/t/demo/moderate"] {
            #expect(demo.banner.contains("http://127.0.0.1:\(demo.port)\(page)\n"))
        }
        func comments() throws -> Int {
            let talks = try client.request("GET", "/talks/").body
            return try #require(
                talks.firstMatch(of: /"slug":"demo".*?"comments":(\d+)/).flatMap { Int($0.1) })
        }
        let first = try comments()
        let deadline = ContinuousClock.now + .seconds(30)
        while try comments() < first + 2, ContinuousClock.now < deadline { usleep(20_000) }
        #expect(try comments() >= first + 2)
        let login = try #require(demo.banner.firstMatch(of: /Login +(\w+), password ([a-z-]+)\n/))
        try client.send(
            "POST /auth/token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                + "Content-Length: \(19 + login.1.count + login.2.count)\r\n\r\n"
                + "username=\(login.1)&password=\(login.2)")
        #expect(try client.answer().status == 200)
        #expect(demo.end(SIGTERM) == 0)
    }

    @Test("keeps its talk in a new file if asked, and touches none that is there")
    func kept() throws {
        let folder = TemporaryFolder()
        let file = folder.path + "/demo.db"
        let demo = try LiveTalkProcess(command: ["demo", "--port", "0", "--rate", "0", "--keep", file])
        #expect(demo.end(SIGINT) == 0)
        let check = try LiveTalkProcess.run(["check", "--database-url", "sqlite:///\(file)"])
        #expect((check.status, check.error) == (0, "no problems\n"))
        let again = try LiveTalkProcess.run(["demo", "--port", "0", "--keep", file])
        #expect(again.status == 1)
        #expect(again.error == "livetalk: \(file) is there already: the demo wants a new file\n")
        #expect(try LiveTalkProcess.run(["demo", "--rate", "601"]).status == 64)
    }
}
