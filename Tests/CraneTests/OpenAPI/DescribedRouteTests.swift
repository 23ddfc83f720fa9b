import CraneSchema
import CraneTesting
import HTTPTypes
import Testing

import struct Foundation.Data

@testable import Crane

private struct NewPost: Described {
    var title: String
    var tags: [String]?

    static let rules = Rules<Self> {
        $0.title(.string(minLength: 1, maxLength: 40), description: "What it is called")
    }
}

private struct Post: Described {
    var id: Int
    var title: String
    var tags: [String]
}

private struct Window: Described {
    var offset: Int
    var limit: Int?

    static let rules = Rules<Self> { $0.offset(.int(ge: 0)) }
}

/// Asks for other members depending on what it is given.
private struct Branching: Described {
    var isLong: Bool
    var length: Int?

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        isLong = try container.decode(Bool.self, forKey: .isLong)
        length = isLong ? try container.decode(Int.self, forKey: .length) : nil
    }
}

/// Has a type of Foundation.
private struct Attachment: Described { var content: Data }

/// Cannot be written.
private struct Unwritable: Described {
    var id: Int

    func encode(to encoder: any Encoder) throws {
        throw EncodingError.invalidValue(id, .init(codingPath: [], debugDescription: "not today"))
    }
}

@Suite("Routes of types whose schemas are learned")
struct DescribedRouteTests {
    static var app: App {
        var app = App.quiet
        app.post("/posts", Body(NewPost.self)) { Post(id: 1, title: $0.title, tags: $0.tags ?? []) }
        app.get("/window", Query(Window.self)) { $0 }
        app.post("/broken", Body(Post.self)) { Unwritable(id: $0.id) }
        return app
    }

    static func post(_ path: String, _ json: String) async throws -> Response {
        let call = Call("POST", path, [("content-type", "application/json")], body: Array(json.utf8))
        return await app.build().response(to: try call.request())
    }

    @Test("take and give JSON, and say everything that is wrong")
    func bodies() async throws {
        let made = try await Self.post("/posts", #"{"title":"Hello"}"#)
        #expect(made.status == .ok)
        #expect(made.text == #"{"id":1,"title":"Hello","tags":[]}"#)
        let refused = try await Self.post("/posts", #"{"title":"","tags":[1]}"#)
        #expect(refused.status == .unprocessableContent)
        #expect(
            refused.text
                == #"{"detail":[{"type":"string_too_short","loc":["body","title"],"msg":"String should have at least 1 character","input":"","ctx":{"min_length":1}},{"type":"string_type","loc":["body","tags",0],"msg":"Input should be a valid string","input":1}]}"#
        )
    }

    @Test("take the members of a type from the query")
    func fields() async throws {
        let responder = Self.app.build()
        let one = await responder.response(to: try Call("GET", "/window?offset=2").request())
        #expect(one.text == #"{"offset":2,"limit":null}"#)
        let two = await responder.response(to: try Call("GET", "/window?offset=-1&limit=x").request())
        #expect(two.status == .unprocessableContent)
        #expect(two.text.contains(#""loc":["query","offset"]"#))
        #expect(two.text.contains(#""loc":["query","limit"]"#))
    }

    @Test("stand in OpenAPI with what was learned")
    func document() throws {
        let document = try JSONValue.parse(Self.app.openAPI())
        let post = document["paths"]?["/posts"]?["post"]
        #expect(
            post?["requestBody"]?["content"]?["application/json"]?["schema"]?["$ref"]?.json
                == ##""#/components/schemas/NewPost""##)
        let schemas = document["components"]?["schemas"]
        #expect(
            schemas?["NewPost"]?["properties"]?["title"]?.json
                == #"{"type":"string","maxLength":40,"minLength":1,"title":"Title","description":"What it is called"}"#
        )
        #expect(schemas?["NewPost"]?["required"]?.json == #"["title"]"#)
        #expect(schemas?["Post"]?["required"]?.json == #"["id","title","tags"]"#)
    }

    @Test("are mistakes where a type was not learned for sure")
    func mistakes() {
        var bodies = App.quiet
        bodies.post("/", Body(Branching.self)) { $0 }
        let body = #expect(throws: RegistrationError.self) { try bodies.checked() }
        #expect(body?.description.contains("Branching cannot be learned") == true)
        var data = App.quiet
        data.post("/", Body(Attachment.self)) { $0 }
        let content = #expect(throws: RegistrationError.self) { try data.checked() }
        #expect(content?.description.contains("content: Foundation") == true)
        #expect(content?.description.contains("take a String of base64") == true)
        var queries = App.quiet
        queries.get("/", Query(Branching.self)) { $0 }
        let query = #expect(throws: RegistrationError.self) { try queries.checked() }
        #expect(query?.description.contains("Branching cannot be learned") == true)
    }

    @Test("answer with 500 where a value cannot be written")
    func unwritable() async throws {
        let response = try await Self.post("/broken", #"{"id":1,"title":"a","tags":[]}"#)
        #expect(response.status == .internalServerError)
    }
}
