import CraneTesting
import Testing

@testable import Crane

@Suite("Examples of a body")
struct BodyExampleTests {
    private struct Note: SchemaRepresentable {
        let text: String
        let stars: Int

        static let schema = Object(Note.init) {
            Field("text", \.text, .string(minLength: 1))
            Field("stars", \.stars, default: 1)
        }
    }

    @Test("stand in the document under their names, beside the schema")
    func document() throws {
        var app = App()
        app.post(
            "/notes",
            Body(Note.self, examples: ["short": Note(text: "Milk", stars: 1), "": Note(text: "x", stars: 5)])
        ) { note in note }
        app.put("/notes", Body(Note.schema)) { note in note }
        let paths = try JSONValue.parse(app.openAPI())["paths"]?["/notes"]
        let content = paths?["post"]?["requestBody"]?["content"]?["application/json"]
        #expect(
            content?["examples"] == [
                "short": ["value": ["text": "Milk", "stars": 1]], "": ["value": ["text": "x", "stars": 5]],
            ])
        #expect(content?["schema"] == ["$ref": "#/components/schemas/Note"])
        #expect(paths?["put"]?["requestBody"]?["content"]?["application/json"]?["examples"] == nil)
    }

    @Test("are a mistake where the schema refuses them")
    func mistake() {
        var app = App()
        app.post("/notes", Body(Note.self, examples: ["empty": Note(text: "", stars: 1)])) { note in note }
        let error = #expect(throws: RegistrationError.self) { try app.checked() }
        #expect(error?.reason.contains("the body") == true, "\(error?.reason ?? "")")
    }
}
