import CraneSchema
import Mustache

/// A JSON value as the package asks for its members: by name, for every tag.
struct TemplateValue: MustacheParent, MustacheCustomRepresentation {
    /// An object's members; `nil` for anything else.
    private let members: [String: TemplateValue]?
    private let content: Any?

    init(_ value: JSONValue) {
        if case .object(let members) = value {
            content = nil
            self.members = Dictionary(members.map { ($0.key, TemplateValue($0.value)) }) { first, _ in first }
            return
        }
        members = nil
        content =
            switch value {
            case .null, .object: nil
            case .bool(let value): value
            case .integer(let value): value
            case .bigInteger(let digits): digits
            case .number(let value): value
            case .string(let text): text
            case .brokenString(let bytes): String(decoding: bytes, as: UTF8.self)
            case .array(let values): values.map(TemplateValue.init)
            }
    }

    /// A member that is `null` is found, so that none of that name is taken from the values around.
    func child(named name: String) -> Any? { members?[name] }

    var representation: Any? { members == nil ? content : self }
}
