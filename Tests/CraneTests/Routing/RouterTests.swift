import CraneSchema
import HTTPTypes
import Testing

@testable import Crane

@Suite("Routers")
struct RouterTests {
    @Test("prefix, tags, dependencies and responses come from outside in")
    func including() async throws {
        let notes = Notes()
        let outer = Dependency { notes.add("outer") }
        let inner = Dependency(Path("room", Int.self)) { room in notes.add("room \(room)") }
        var seats = APIRouter(
            prefix: "/seats", tags: ["seats"], dependencies: [inner], responses: [.notFound: .init("No seat")]
        )
        seats.get("/{seat}", Path("seat", Int.self), Path("room", Int.self)) { seat, room in
            [room, seat]
        }.tags("one")
        seats.get("/") { _, context in .text(context.route ?? "") }
        var app = App.quiet
        app.dependencies = [outer]
        app.include(seats, prefix: "/rooms/{room}", tags: ["rooms"])
        #expect(try await app.answer("GET", "/rooms/1/seats/2").line == "200 [1,2]")
        #expect(notes.all == ["outer", "room 1"])
        #expect(try await app.answer("GET", "/rooms/1/seats/").line == "200 /rooms/{room}/seats/")
        #expect(try await app.answer("GET", "/rooms/x/seats/").line.hasPrefix("422"))
        #expect(notes.all == ["outer", "room 1", "outer", "room 1", "outer"])
        let operation = try #require(app.document["paths"]?["/rooms/{room}/seats/{seat}"]?["get"])
        #expect(operation["tags"]?.text == #"["rooms","seats","one"]"#)
        #expect(operation["responses"]?["404"]?.text == #"{"description":"No seat"}"#)
    }

    @Test("mistakes in a registration name the route")
    func mistakes() {
        mistake("GET /a/{id}: no Path(\"id\") takes {id}") { $0.get("/a/{id}") { 1 } }
        mistake("GET /a: Path(\"id\") has no {id} in the path") { app in
            app.get("/a", Path("id", Int.self)) { $0 }
        }
        let twoBodies = "POST /a: two of its inputs take the body; a request has one"
        mistake(twoBodies) { app in
            app.post("/a", Body(Int.self), Body(Note.self)) { number, _ in number }
        }
        mistake(twoBodies) { app in
            app.post("/a", Body(Int.self), Form("x", Int.self)) { number, _ in number }
        }
        mistake("GET /{b}: answers the same requests as GET /{a}") { app in
            app.get("/{a}", Path("a", Int.self)) { $0 }
            app.get("/{b}", Path("b", Int.self)) { $0 }
        }
    }

    @Test("operation ids that nobody chose are numbered where they clash; chosen ones are a mistake")
    func operationIDs() throws {
        var app = App.quiet
        app.get("/a-b") { 1 }
        app.get("/a_b") { 1 }
        app.get("/c") { 1 }.operationID("a_b_get_2")
        _ = try app.checked()
        let ids = ["/a-b", "/a_b", "/c"].map { app.document["paths"]?[$0]?["get"]?["operationId"] }
        #expect(ids == ["a_b_get", "a_b_get_3", "a_b_get_2"])
        mistake("GET /b: has the operation id x of GET /a") { app in
            app.get("/a") { 1 }.operationID("x")
            app.get("/b") { 1 }.operationID("x")
        }
        mistake("GET /a: answers the same requests as GET /a") { app in
            app.get("/a") { 1 }
            app.get("/a") { 1 }
        }
    }

    func mistake(_ message: String, _ register: (inout App) -> Void) {
        var app = App.quiet
        register(&app)
        #expect {
            _ = try app.checked()
        } throws: { error in
            "\(error)" == "route \(message)"
        }
    }

    @Test("a route that takes the context may leave the path's variables to it")
    func contextTakesAll() throws {
        var app = App.quiet
        app.get("/a/{id}", ContextInput()) { context in context.parameters["id"] ?? "" }
        _ = try app.checked()
    }
}

extension App {
    var document: JSONValue { (try? JSONValue.parse(openAPI())) ?? .null }
}

extension JSONValue {
    var text: String { String(decoding: JSONValue.schema.encode(self), as: UTF8.self) }
}
