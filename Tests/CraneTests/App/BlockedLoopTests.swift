import Crane
import Testing

@Suite("A loop that is blocked")
struct BlockedLoopTests {
    @Test("is counted by route, and logged once a second at most")
    func counts() throws {
        let log = RecordingLog()
        var app = App(logger: log.logger)
        app.get("/pings/{name}") { _, _ in .text("pong") }
        let responder = app.build()
        for _ in 0..<3 {
            responder.loopWasBlocked(
                by: try Call("GET", "/pings/1").request(), for: .milliseconds(50), requests: 12)
        }
        responder.loopWasBlocked(by: try Call("GET", "/nope").request(), for: .milliseconds(50), requests: 1)
        responder.loopWasBlocked(by: nil, for: .milliseconds(50), requests: 1)
        #expect(responder.blockedLoopCounts == ["/pings/{name}": 3, "-": 2])
        #expect(log.lines.count == 1)
        #expect(log.lines.first?.contains("/pings/{name}") == true)
        #expect(log.lines.first?.contains("12") == true)
    }
}
