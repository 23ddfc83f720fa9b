import CraneHTTP
import Testing

@Suite("Server-sent events")
struct ServerSentEventTests {
    private func text(_ event: ServerSentEvent) -> String { String(decoding: event.bytes, as: UTF8.self) }

    @Test("stand with all their fields before an empty line")
    func fields() {
        #expect(text(ServerSentEvent("3:1")) == "data: 3:1\n\n")
        let event = ServerSentEvent("x", name: "goal", id: "e-17", retry: .milliseconds(1500))
        #expect(text(event) == "retry: 1500\nid: e-17\nevent: goal\ndata: x\n\n")
        #expect(text(ServerSentEvent(retry: .seconds(2))) == "retry: 2000\n\n")
        #expect(text(ServerSentEvent("")) == "data: \n\n")
    }

    @Test("have a data line for each line, however it ends")
    func lines() {
        #expect(text(ServerSentEvent("a\nb\r\nc\rd")) == "data: a\ndata: b\ndata: c\ndata: d\n\n")
        #expect(text(ServerSentEvent("a\n")) == "data: a\ndata: \n\n")
    }

    @Test("cannot be told other fields by an id or a name")
    func injection() {
        let event = ServerSentEvent("x", name: "a\ndata: y", id: "1\r\n\n\0event: b")
        #expect(text(event) == "id: 1event: b\nevent: adata: y\ndata: x\n\n")
    }
}
