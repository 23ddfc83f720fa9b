/// One case of a tagged union: its tag, and the way between the case and the object it holds.
public struct Variant<Union: Sendable>: Sendable {
    /// Makes the case for a union with a given discriminator.
    let make: @Sendable (String) -> TaggedUnion<Union>.Case

    /// `wrap` is the case itself, `unwrap` gives its object or nil for other cases.
    public init<Content: SchemaRepresentable>(
        _ tag: String, _ wrap: @escaping @Sendable (Content) -> Union,
        _ unwrap: @escaping @Sendable (Union) -> Content?
    ) where Content.Description == Object<Content> {
        make = { discriminator in
            let object = Content.schema.tagged(discriminator, tag)
            return TaggedUnion.Case(
                tag: tag,
                read: { (reader: inout JSONReader) throws(JSONFallback) -> Union in
                    wrap(try object.read(&reader))
                },
                validate: { object.validate($0, &$1).map(wrap) },
                write: { value, writer in
                    guard let content = unwrap(value) else { return false }
                    object.write(content, to: &writer)
                    return true
                },
                jsonSchema: { object.jsonSchema(&$0) })
        }
    }
}
