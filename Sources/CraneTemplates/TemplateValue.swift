import CraneSchema
import Mustache

/// A JSON value as the package asks for its members.
struct TemplateValue: MustacheParent, MustacheCustomRepresentation {
    let value: JSONValue

    init(_ value: JSONValue) { self.value = value }

    /// A member that is `null` is found, so that none of that name is taken from the values around.
    func child(named name: String) -> Any? {
        value[name].map(TemplateValue.init)
    }

    var representation: Any? {
        switch value {
        case .null: nil
        case .bool(let value): value
        case .integer(let value): value
        case .bigInteger(let digits): digits
        case .number(let value): value
        case .string(let text): text
        case .brokenString(let bytes): String(decoding: bytes, as: UTF8.self)
        case .array(let values): values.map(TemplateValue.init)
        case .object: self
        }
    }
}
