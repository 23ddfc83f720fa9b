import Crane
import CraneTesting
import Testing

private struct TaggedDrink: SchemaRepresentable {
    let text: String
    static let schema = Object(TaggedDrink.init) { Field("text", \.text) }
}

@Suite("Values with an entity tag")
struct TaggedTests {
    private static func app() -> App {
        var app = App()
        app.get("/note") { Tagged(TaggedDrink(text: "tea"), tag: "v1", headers: [.cacheControl: "no-cache"]) }
        app.get("/ready") { Tagged(TaggedDrink(text: "tea"), tag: "W/\"v1\"") }
        app.put("/note", RequestInput()) { request in
            try Preconditions(request).require("v1")
            return Tagged(TaggedDrink(text: "milk"), tag: "v2")
        }
        app.post("/note") { Tagged(TaggedDrink(text: "new"), tag: "v1") }.status(.created)
        return app
    }

    private let client = TestClient(app())

    @Test("are sent with it, and not sent to who has them")
    func reading() async throws {
        let whole = try await client.get("/note")
        #expect(whole.status == .ok && whole.headers[.eTag] == "\"v1\"" && whole.text == #"{"text":"tea"}"#)
        #expect(whole.headers[.contentType] == "application/json")
        let known = try await client.get("/note", headers: [.ifNoneMatch: "\"v0\", \"v1\""])
        #expect(known.status == .notModified && known.body.isEmpty)
        #expect(known.headers[.eTag] == "\"v1\"" && known.headers[.cacheControl] == "no-cache")
        #expect(known.headers[.contentType] == nil)
        #expect(try await client.get("/note", headers: [.ifMatch: "\"v0\""]).status == .preconditionFailed)
        #expect(try await client.get("/ready", headers: [.ifNoneMatch: "W/\"v1\""]).status == .notModified)
    }

    @Test("are changed only from the state that the request names, and the answer has the new one")
    func changing() async throws {
        let changed = try await client.put("/note", json: [:], headers: [.ifMatch: "\"v1\""])
        #expect(changed.status == .ok && changed.headers[.eTag] == "\"v2\"")
        #expect(try await client.put("/note", json: [:]).status == .ok)
        let late = try await client.put("/note", json: [:], headers: [.ifMatch: "\"v0\""])
        #expect(late.status == .preconditionFailed)
        #expect(
            try await client.post("/note", json: [:], headers: [.ifNoneMatch: "\"v1\""]).status == .created)
    }

    @Test("stand in the document as the values that they are")
    func document() throws {
        let document = try JSONValue.parse(Self.app().openAPI())
        let content = document["paths"]?["/note"]?["get"]?["responses"]?["200"]?["content"]
        #expect(content?["application/json"]?["schema"]?["$ref"] == "#/components/schemas/TaggedDrink")
    }
}
