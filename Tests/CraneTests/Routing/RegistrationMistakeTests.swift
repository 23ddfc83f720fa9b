import CraneSchema
import CraneTesting
import HTTPTypes
import Testing

@testable import Crane

enum Product {
    struct Part: SchemaRepresentable {
        var name: String
        static let schema = Object(Self.init) { Field("name", \.name) }
    }

    struct Named: SchemaRepresentable {
        var name: String
        static let schema = Object(Self.init, name: "Named") { Field("name", \.name) }
    }
}

enum Order {
    struct Named: SchemaRepresentable {
        var count: Int
        static let schema = Object(Self.init, name: "Named") { Field("count", \.count) }
    }

    struct Part: SchemaRepresentable {
        var count: Int
        static let schema = Object(Self.init) { Field("count", \.count) }
    }

    struct Line: SchemaRepresentable {
        var part: Part
        static let schema = Object(Self.init) { Field("part", \.part) }
    }
}

enum Copy {
    struct Part: SchemaRepresentable {
        var name: String
        static let schema = Object(Self.init) { Field("name", \.name) }
    }
}

struct Page<Item: SchemaRepresentable & Sendable>: SchemaRepresentable {
    var items: [Item]
    static var schema: Object<Page> { Object(Self.init) { Field("items", \.items) } }
}

private struct Twice: SchemaRepresentable {
    var first: Int
    var second: Int
    static let schema = Object(Self.init) {
        Field("x", \.first)
        Field("x", \.second)
    }
}

private struct Bounded: SchemaRepresentable {
    var name: String
    static let schema = Object(Self.init) {
        Field("name", \.name, .string(minLength: 2), default: "a")
    }
}

@Suite("Mistakes in a registration")
struct RegistrationMistakeTests {
    private func mistakes(_ register: (inout App) -> Void) -> String {
        var app = App.quiet
        register(&app)
        let error = #expect(throws: RegistrationError.self) { try app.checked() }
        return error?.description ?? ""
    }

    @Test("two types of one given name are told apart, and both named")
    func oneName() throws {
        let text = mistakes { app in
            app.get("/parts") { Product.Named(name: "") }
            app.get("/lines") { Order.Named(count: 1) }
        }
        #expect(text.hasPrefix("route GET /lines: the answer: "))
        #expect(text.contains("Product.Named and "))
        #expect(
            text.hasSuffix(
                "Order.Named are both called Named in OpenAPI; give one of their schemas another `name:`"))
    }

    private func components(_ register: (inout App) -> Void) throws -> JSONValue {
        var app = App.quiet
        register(&app)
        _ = try app.checked()
        return try JSONValue.parse(app.openAPI())["components"]?["schemas"] ?? .null
    }

    private func names(_ schemas: JSONValue) -> [String] {
        guard case .object(let members) = schemas else { return [] }
        return members.map(\.key)
    }

    @Test("of two types of one name the second is called by its module too, unless their schemas are equal")
    func ownNames() throws {
        let schemas = try components { app in
            app.get("/parts") { Product.Part(name: "") }
            app.get("/copies") { Copy.Part(name: "") }
            app.get("/lines") { Order.Line(part: Order.Part(count: 1)) }
            app.get("/others") { Order.Part(count: 1) }
        }
        #expect(names(schemas) == ["CraneTests.Order.Part", "Line", "Part"])
        let part = schemas["Line"]?["properties"]?["part"]?["$ref"]
        #expect(part == "#/components/schemas/CraneTests.Order.Part")
    }

    @Test("a generic type's component is called as FastAPI calls it")
    func genericNames() throws {
        let schemas = try components { app in
            app.get("/notes") { Page<Note>(items: []) }
            app.get("/parts") { Page<Product.Part>(items: []) }
            app.get("/counts") { Page<Order.Part>(items: []) }
        }
        #expect(
            names(schemas) == [
                "CraneTests.Order.Part", "CraneTests.Page_CraneTests.Order.Part_", "Note",
                "Page_Note_", "Page_Part_", "Part",
            ])
        #expect(schemas["Page_Note_"]?["title"] == "Page<Note>")
    }

    @Test(
        "a component's name is of letters, digits, dots, underscores and hyphens",
        arguments: ["Page<Note>", "Größe", "a b", "a/b", ""])
    func componentNames(_ name: String) {
        let text = mistakes { app in
            let schema = Object(Product.Part.init, name: name) { Field("name", \.name) }
            app.post("/a", Body(schema)) { $0.name }
        }
        #expect(text.contains("the name '\(name)' is not of letters, digits, '.', '_' and '-'"))
        let scheme = mistakes { app in app.get("/a", HTTPBearer(name: name)) { $0.scheme } }
        #expect(scheme.contains("the name '\(name)' is not of letters, digits, '.', '_' and '-'"))
    }

    @Test("a path parameter is neither optional nor has a default")
    func pathDefaults() {
        let told =
            "GET /a/{id}: path parameter \"id\" is always there, and can be neither optional nor have a default"
        #expect(mistakes { $0.get("/a/{id}", Path("id", Int.self, default: 3)) { $0 } } == "route " + told)
        #expect(mistakes { $0.get("/a/{id}", Path("id", Int?.self)) { $0 ?? 0 } } == "route " + told)
    }

    @Test("a router's prefix that ends in a slash is told")
    func prefixes() {
        let text = mistakes { app in
            var rooms = APIRouter(prefix: "/rooms/")
            rooms.get("/x") { 1 }
            app.include(rooms)
        }
        #expect(text == "route GET /rooms//x: a path has no two slashes beside each other")
    }

    @Test("no text is an object")
    func objects() {
        func told(_ name: String) -> String {
            "route GET /a: query parameter \"\(name)\" is an object, which no text is: take it with Body"
        }
        #expect(mistakes { $0.get("/a", Query("q", Note.self)) { _ in 1 } } == told("q"))
        #expect(mistakes { $0.get("/a", Query("q", [Note]?.self)) { _ in 1 } } == told("q"))
        #expect(mistakes { $0.get("/a", Query("q", [String: Int].self)) { _ in 1 } } == told("q"))
    }

    @Test("two fields of one name, and bounds that nothing keeps, are told")
    func contradictions() {
        #expect(
            mistakes { $0.post("/a", Body(Twice.self)) { _ in 1 } }
                == "route POST /a: the body: two fields of Twice are called x")
        let name = "route GET /a: query parameter \"n\": "
        #expect(
            mistakes { $0.get("/a", Query("n", .string(minLength: 5, maxLength: 1))) { $0 } }
                == name + "minLength 5 is above maxLength 1")
        #expect(
            mistakes { $0.get("/a", Query("n", .array(.int(), minItems: 2, maxItems: 1))) { $0 } }
                == name + "minItems 2 is above maxItems 1")
        #expect(
            mistakes { $0.get("/a", Query("n", .int(gt: 3, le: 3))) { $0 } }
                == name + "no number keeps gt: 3 and le: 3")
        #expect(
            mistakes { $0.get("/a", Query("n", .int(ge: 1), default: 0)) { $0 } }
                == name + "its own default is refused: Input should be greater than or equal to 1")
        #expect(
            mistakes { $0.post("/a", Body(Bounded.self)) { _ in 1 } }
                == "route POST /a: the body: Bounded.name: its own default is refused: "
                + "String should have at least 2 characters")
    }

    @Test("a hidden route's mistakes are told as any other's, and its types share their names with nobody")
    func hidden() {
        #expect(
            mistakes { $0.post("/a", Body(Twice.self)) { _ in 1 }.hidden() }
                == "route POST /a: the body: two fields of Twice are called x")
        #expect(
            mistakes { $0.post("/a", Body(Bounded.self)) { _ in 1 }.hidden() }
                == "route POST /a: the body: Bounded.name: its own default is refused: "
                + "String should have at least 2 characters")
        let named = Object(Note.init, name: "a b") {
            Field("talk_id", \.talkID)
            Field("author", \.author)
            Field("text", \.text)
        }
        #expect(
            mistakes { $0.post("/a", Body(named)) { $0.text }.hidden() }
                == "route POST /a: the body: the name 'a b' is not of letters, digits, '.', '_' and '-', as OpenAPI wants it"
        )
    }

    @Test("a broken pattern and a broken header name are told with the route")
    func names() {
        #expect(
            mistakes { $0.get("/a", Query("n", .string(pattern: "("))) { $0 } }
                .hasPrefix("route GET /a: query parameter \"n\": pattern '(': "))
        #expect(
            mistakes { $0.get("/a", Header("a b", String.self)) { $0 } }
                == "route GET /a: header parameter \"a b\": that is not the name of a header field")
        #expect(
            mistakes { $0.get("/a", APIKeyHeader("a b")) { $0 } }
                == "route GET /a: header parameter \"a b\": that is not the name of a header field")
    }

    @Test("an override that takes what it replaces is told")
    func circles() {
        let user = Dependency { "ada" }
        let greeting = Dependency(user) { "Hello, \($0)" }
        let told =
            "route GET /a: an override makes Dependency<String> take itself, directly or through others"
        let direct = mistakes { app in
            app.get("/a", user) { $0 }
            app.override(user, user) { "w-\($0)" }
        }
        #expect(direct == told)
        let indirect = mistakes { app in
            app.get("/a", greeting) { $0 }
            app.override(user, greeting) { "w-\($0)" }
        }
        #expect(indirect == told)
    }

    @Test("more inputs than there is room for are told")
    func inputs() {
        let inputs = (0..<65).map { Query("q\($0)", Int.self) }
        let text = mistakes { app in
            app.add(Route(Registration(.get, "/a", inputs, .nothing) { _ in { _, _ in .ready(.text("")) } }))
        }
        #expect(text == "route GET /a: a handler takes at most 64 inputs, not 65")
    }

    @Test("a response without content has none, whatever the handler gives back")
    func noContent() async throws {
        var app = App.quiet
        app.delete("/a") { 1 }.status(.noContent)
        let answer = try await TestClient(app).delete("/a")
        #expect(answer.status == .noContent)
        #expect(answer.body.isEmpty)
        #expect(answer.headers[.contentType] == nil)
    }

    @Test("a description of the route's own response keeps its schema")
    func ownAnswer() throws {
        var app = App.quiet
        app.get("/a") { 1 }.responds(.ok, "The number")
        let answer = try #require(app.document["paths"]?["/a"]?["get"]?["responses"]?["200"])
        #expect(answer["description"] == "The number")
        #expect(answer["content"]?["application/json"]?["schema"]?["type"] == "integer")
    }
}
