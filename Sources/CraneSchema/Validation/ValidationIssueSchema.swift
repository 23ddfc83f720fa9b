/// The schema of an issue as FastAPI writes it: `type`, `loc`, `msg`, `input` and, where there is one, `ctx`.
public struct ValidationIssueSchema: Schema {
    @inlinable
    init() {}

    public func read(_ reader: inout JSONReader) throws(JSONFallback) -> ValidationIssue {
        throw JSONFallback()
    }

    public func write(_ value: ValidationIssue, to writer: inout JSONWriter) {
        writer.issue(value)
    }

    public func validate(_ input: JSONValue, _ validation: inout Validation) -> ValidationIssue? {
        guard case .string(let type)? = input["type"], case .string(let message)? = input["msg"],
            case .array(let steps)? = input["loc"]
        else {
            validation.report("issue_type", "Input should be an issue with type, loc and msg", input: input)
            return nil
        }
        var location: [LocationPart] = []
        for step in steps {
            switch step {
            case .string(let key): location.append(.key(key))
            case .integer(let index): location.append(.index(index))
            default:
                validation.report("issue_location", "loc should hold texts and whole numbers", input: step)
                return nil
            }
        }
        var context: [JSONValue.Member] = []
        if case .object(let members)? = input["ctx"] { context = members }
        return ValidationIssue(
            type: type, location: location, message: message, input: input["input"] ?? .null,
            context: context)
    }

    public func jsonSchema(_ components: inout SchemaComponents) -> JSONValue {
        components.define("ValidationError", of: ValidationIssue.self) { _ in
            [
                "properties": [
                    "loc": [
                        "items": ["anyOf": [["type": "string"], ["type": "integer"]]],
                        "type": "array", "title": "Location",
                    ],
                    "msg": ["type": "string", "title": "Message"],
                    "type": ["type": "string", "title": "Error Type"],
                ],
                "type": "object", "required": ["loc", "msg", "type"], "title": "ValidationError",
            ]
        }
    }
}

extension ValidationIssue: SchemaRepresentable {
    @inlinable public static var schema: ValidationIssueSchema { ValidationIssueSchema() }
}
