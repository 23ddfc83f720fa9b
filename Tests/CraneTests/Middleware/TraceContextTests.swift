import CraneTesting
import Logging
import Testing

@testable import Crane

@Suite("A request's place in a trace")
struct TraceContextTests {
    private static let trace = "0af7651916cd43dd8448eb211c80319c"
    private static let parent = "00-\(trace)-b7ad6b7169203331-01"

    @Test("is read by the letter")
    func reading() throws {
        let read = try #require(TraceContext(traceparent: Self.parent, tracestate: "a=1,b=2"))
        #expect(read.traceID == Self.trace && read.spanID == "b7ad6b7169203331")
        #expect(read.isSampled && read.state == "a=1,b=2" && read.traceparent == Self.parent)
        let child = read.child()
        #expect(child.traceID == read.traceID && child.spanID != read.spanID && child.state == read.state)
        #expect(TraceContext(traceparent: "00-\(Self.trace)-b7ad6b7169203331-02")?.isSampled == false)
        // A later version begins alike.
        #expect(
            TraceContext(traceparent: "cc-\(Self.trace)-b7ad6b7169203331-01-what-comes")?.isSampled == true)
        #expect(
            TraceContext(traceparent: Self.parent, tracestate: String(repeating: "a", count: 513))?.state
                == nil)
        #expect(TraceContext().traceparent.utf8.count == 55)
    }

    @Test(
        "is none where it is malformed",
        arguments: [
            "", "00", "00-\(trace)-b7ad6b7169203331", "00-\(trace)-b7ad6b7169203331-1",
            "ff-\(trace)-b7ad6b7169203331-01", "00-\(trace)-b7ad6b7169203331-01-more",
            "cc-\(trace)-b7ad6b7169203331-01.more", "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-\(trace)-0000000000000000-01", "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
            "00-\(trace)-b7ad6b716920333g-01", "00_\(trace)-b7ad6b7169203331-01", "\(parent),\(parent)",
            "0x-\(trace)-b7ad6b7169203331-01", "00-\(trace)-b7ad6b7169203331-0é",
        ])
    func malformed(text: String) {
        #expect(TraceContext(traceparent: text) == nil)
    }

    private static func app(_ tracing: Tracing) -> AppResponder {
        var app = App(logger: RecordingLog().logger)
        app.middleware = [tracing]
        app.get("/") { _, context in
            let metadata = context.logger[metadataKey: "trace_id"].map { "\($0)" } ?? "-"
            return .text("\(context.trace?.traceID ?? "-") \(metadata)")
        }
        return app.build()
    }

    @Test("goes on from the caller's, or begins with the request, and stands in the log")
    func middleware() async throws {
        let everyone = Self.app(Tracing())
        #expect(
            try await everyone.answer("GET", "/", ("traceparent", Self.parent)).text
                == "\(Self.trace) \(Self.trace)")
        for bad in ["x", "00-\(Self.trace)-0000000000000000-01"] {
            let text = try await everyone.answer("GET", "/", ("traceparent", bad)).text
            #expect(text.utf8.count == 65 && !text.contains(Self.trace))
        }
        let proxies = Self.app(Tracing(from: .trustedProxies))
        var call = Call("GET", "/", ("traceparent", Self.parent))
        #expect(try await !proxies.answer(call).text.contains(Self.trace))
        call.peer = PeerAddress(ip: IPAddress("127.0.0.1"), port: 1)
        #expect(try await proxies.answer(call).text.contains(Self.trace))
        var plain = App(logger: quiet)
        plain.get("/") { _, context in .text("\(context.trace == nil)") }
        #expect(try await plain.build().answer("GET", "/").text == "true")
    }

    @Test("has the request's id beside it: told, and taken from those who may say it")
    func requestID() async throws {
        func app(_ requestID: RequestID) -> AppResponder {
            var app = App(logger: quiet)
            app.middleware = [requestID]
            app.get("/") { _, context in .text(context.requestID) }
            return app.build()
        }
        func told(_ response: Response) -> String? { response.allFields[.xRequestID] }
        let everyone = app(RequestID(from: .everyone))
        let taken = try await everyone.answer("GET", "/", ("x-request-id", "a-1"))
        #expect(taken.text == "a-1" && told(taken) == "a-1")
        for bad in ["a b", "<script>", String(repeating: "a", count: 129), "é"] {
            let response = try await everyone.answer("GET", "/", ("x-request-id", bad))
            #expect(response.text.utf8.count == 16 && told(response) == response.text, "\(bad)")
        }
        let proxies = app(RequestID())
        #expect(try await proxies.answer("GET", "/", ("x-request-id", "a-1")).text != "a-1")
        var call = Call("GET", "/", ("x-request-id", "a-1"))
        call.peer = PeerAddress(ip: IPAddress("127.0.0.1"), port: 1)
        #expect(try await proxies.answer(call).text == "a-1")
    }
}
