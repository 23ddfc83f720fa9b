/// The member that names an object's case in a union.
@usableFromInline
struct ObjectTag: Sendable {
    let name: String
    let text: String
    /// `{"kind":"cat"`.
    @usableFromInline let opening: [UInt8]

    init(_ name: String, _ text: String) {
        self.name = name
        self.text = text
        let key = [UInt8(ascii: "{")] + JSONWriter.quoted(name) + [UInt8(ascii: ":")]
        opening = key + JSONWriter.quoted(text)
    }

    var jsonSchema: JSONValue {
        ["type": "string", "const": .string(text), "title": .string(FieldNotes.title(of: name))]
    }
}
