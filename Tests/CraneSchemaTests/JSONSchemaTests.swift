import CraneSchema
import Testing

@Suite("JSON Schema")
struct JSONSchemaTests {
    /// Every kind of member and note.
    struct Kinds: SchemaRepresentable {
        var i: Int
        var s: String
        var l: [String]
        var m: [String: Double]
        var u: UniqueID
        var b: Bool
        var e: String
        var ol: [Int]?
        var oc: Color?
        var dc: Color
        var pets: [Pet]
        var op: Pet?
        var userID2: Int

        static let schema = Object(Kinds.init) {
            Field(
                "i", \.i, .int(gt: 0, le: 10, multipleOf: 5), default: 5, title: "Eye", description: "An int")
            Field("s", \.s, .string(minLength: 1, maxLength: 9, pattern: "^a"))
            Field("l", \.l, .array(.string(), minItems: 1, maxItems: 3))
            Field("m", \.m, .dictionary(.float(), minItems: 1, maxItems: 3))
            Field("u", \.u)
            Field("b", \.b, default: true)
            Field("e", \.e, .literal("x", "y"))
            Field("ol", \.ol, default: nil)
            Field("oc", \.oc, default: nil)
            Field("dc", \.dc, description: "Which")
            Field("pets", \.pets, default: [])
            Field("op", \.op, default: nil)
            Field("user_id2", \.userID2, .int(ge: 1))
        }
    }

    /// The components of FastAPI 0.116's document for the same models, one a line, members sorted by name.
    static let expected = #"""
        {"Cat": {"properties": {"kind": {"const": "cat", "title": "Kind", "type": "string"}, "lives": {"default": 9, "description": "How many", "exclusiveMinimum": 0.0, "title": "Lives", "type": "integer"}}, "required": ["kind"], "title": "Cat", "type": "object"}}
        {"Color": {"description": "A color", "enum": ["red", "blue"], "title": "Color", "type": "string"}}
        {"CommentCreateSchema": {"description": "Create a comment", "properties": {"comment_text": {"minLength": 1, "title": "Comment Text", "type": "string"}, "talk_id": {"title": "Talk Id", "type": "integer"}, "user_ip": {"maxLength": 45, "title": "User Ip", "type": "string"}}, "required": ["talk_id", "user_ip", "comment_text"], "title": "CommentCreateSchema", "type": "object"}}
        {"Dog": {"properties": {"kind": {"const": "dog", "title": "Kind", "type": "string"}, "name": {"title": "Name", "type": "string"}}, "required": ["kind", "name"], "title": "Dog", "type": "object"}}
        {"Kinds": {"properties": {"b": {"default": true, "title": "B", "type": "boolean"}, "dc": {"$ref": "#/components/schemas/Color", "description": "Which"}, "e": {"enum": ["x", "y"], "title": "E", "type": "string"}, "i": {"default": 5, "description": "An int", "exclusiveMinimum": 0.0, "maximum": 10.0, "multipleOf": 5.0, "title": "Eye", "type": "integer"}, "l": {"items": {"type": "string"}, "maxItems": 3, "minItems": 1, "title": "L", "type": "array"}, "m": {"additionalProperties": {"type": "number"}, "maxProperties": 3, "minProperties": 1, "title": "M", "type": "object"}, "oc": {"anyOf": [{"$ref": "#/components/schemas/Color"}, {"type": "null"}]}, "ol": {"anyOf": [{"items": {"type": "integer"}, "type": "array"}, {"type": "null"}], "title": "Ol"}, "op": {"anyOf": [{"discriminator": {"mapping": {"cat": "#/components/schemas/Cat", "dog": "#/components/schemas/Dog"}, "propertyName": "kind"}, "oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}]}, {"type": "null"}], "title": "Op"}, "pets": {"default": [], "items": {"discriminator": {"mapping": {"cat": "#/components/schemas/Cat", "dog": "#/components/schemas/Dog"}, "propertyName": "kind"}, "oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}]}, "title": "Pets", "type": "array"}, "s": {"maxLength": 9, "minLength": 1, "pattern": "^a", "title": "S", "type": "string"}, "u": {"format": "uuid", "title": "U", "type": "string"}, "user_id2": {"minimum": 1.0, "title": "User Id2", "type": "integer"}}, "required": ["s", "l", "m", "u", "e", "dc", "user_id2"], "title": "Kinds", "type": "object"}}
        {"N": {"description": "Doc", "properties": {"a": {"title": "A", "type": "integer"}, "any": {"title": "Any"}, "at": {"format": "date-time", "title": "At", "type": "string"}, "b": {"anyOf": [{"type": "integer"}, {"type": "null"}], "title": "B"}, "c": {"anyOf": [{"type": "integer"}, {"type": "null"}], "title": "C"}, "cat": {"anyOf": [{"$ref": "#/components/schemas/Cat"}, {"type": "null"}]}, "cats": {"default": [], "items": {"$ref": "#/components/schemas/Cat"}, "title": "Cats", "type": "array"}, "color": {"$ref": "#/components/schemas/Color"}, "color2": {"$ref": "#/components/schemas/Color", "default": "red"}, "d": {"additionalProperties": {"$ref": "#/components/schemas/Cat"}, "default": {}, "title": "D", "type": "object"}, "f": {"default": 1.5, "exclusiveMaximum": 10.0, "exclusiveMinimum": 0.0, "multipleOf": 0.5, "title": "F", "type": "number"}, "pet": {"discriminator": {"mapping": {"cat": "#/components/schemas/Cat", "dog": "#/components/schemas/Dog"}, "propertyName": "kind"}, "oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}], "title": "Pet"}}, "required": ["a", "b", "color", "pet", "at", "any"], "title": "N", "type": "object"}}
        """#

    /// Members sorted by name, all numbers as fractions: what JSON takes for the same. That whole numbers end at 64 bits
    /// is ours to say.
    static func canonical(_ value: JSONValue) -> JSONValue {
        switch value {
        case .integer(let number): .number(Double(number))
        case .array(let elements): .array(elements.map(canonical))
        case .object(let members):
            .object(
                members.filter { $0.key != "format" || $0.value.json != #""int64""# }
                    .sorted { $0.key < $1.key }
                    .map { JSONValue.Member($0.key, canonical($0.value)) })
        default: value
        }
    }

    @Test("of named types is what FastAPI writes for the same models")
    func components() throws {
        var components = SchemaComponents()
        let references = [
            CommentCreate.schema.jsonSchema(&components), Sampler.schema.jsonSchema(&components),
            Kinds.schema.jsonSchema(&components),
        ]
        #expect(references.map(\.json).first == ##"{"$ref":"#/components/schemas/CommentCreateSchema"}"##)
        guard case .object(let schemas) = components.schemas else {
            Issue.record("no object")
            return
        }
        let lines = Self.expected.split(separator: "\n")
        #expect(schemas.count == lines.count)
        for (schema, line) in zip(schemas, lines) {
            let written = Self.canonical(.object([schema])).json
            #expect(written == Self.canonical(try JSONValue.parse(Array(line.utf8))).json)
        }
    }

    @Test("of a refusal has FastAPI's names")
    func refusals() {
        var components = SchemaComponents()
        #expect(
            ValidationError.jsonSchema(&components).json
                == ##"{"$ref":"#/components/schemas/HTTPValidationError"}"##)
        #expect(
            components.schemas["HTTPValidationError"]?["properties"]?["detail"]?["items"]?.json
                == ##"{"$ref":"#/components/schemas/ValidationError"}"##)
        #expect(components.schemas["ValidationError"]?["required"]?.json == #"["loc","msg","type"]"#)
    }

    @Test("of a parameter has its title, description and default")
    func parameters() {
        let notes = FieldNotes(name: "talk_id", description: "Which talk")
        #expect(
            notes.annotate(["type": "integer"], default: Int.schema.tree(7)).json
                == #"{"type":"integer","title":"Talk Id","description":"Which talk","default":7}"#)
    }

    @Test("of a type that contains itself refers to it")
    func recursion() {
        var components = SchemaComponents()
        _ = Node.schema.jsonSchema(&components)
        #expect(
            components.schemas["Node"]?["properties"]?["children"]?["items"]?.json
                == ##"{"$ref":"#/components/schemas/Node"}"##)
    }

    @Test("of scalars stands where they are used")
    func scalars() {
        var components = SchemaComponents()
        #expect(Int.schema.jsonSchema(&components).json == #"{"type":"integer","format":"int64"}"#)
        #expect(
            UInt8.schema.jsonSchema(&components).json == #"{"type":"integer","minimum":0,"maximum":255}"#)
        #expect(
            FloatSchema.float(ge: 0.5).jsonSchema(&components).json == #"{"type":"number","minimum":0.5}"#)
        #expect(
            Timestamp.schema.jsonSchema(&components).json == #"{"type":"string","format":"date-time"}"#)
        #expect(JSONValue.schema.jsonSchema(&components).json == "{}")
        #expect(components.schemas.json == "{}")
    }
}
