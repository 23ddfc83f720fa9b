/// The schema of a string that must be one of a few given ones.
public struct Literal: Schema {
    private let texts: [String]

    init(_ texts: [String]) {
        self.texts = texts
    }

    public func read(_ reader: inout JSONReader) throws(JSONFallback) -> String {
        guard let value = read(text: try reader.string()) else { throw JSONFallback() }
        return value
    }

    public func read(text: String) -> String? {
        texts.first { $0.utf8.elementsEqual(text.utf8) }
    }

    @inlinable
    public func write(_ value: String, to writer: inout JSONWriter) {
        writer.string(value)
    }

    public func validate(_ input: JSONValue, _ validation: inout Validation) -> String? {
        if case .string(let text) = input, let value = read(text: text) { return value }
        let expected = PythonText.alternatives(texts)
        validation.report(
            "literal_error", "Input should be \(expected)", input: input,
            context: [.init("expected", .string(expected))])
        return nil
    }

    public func jsonSchema(_ components: inout SchemaComponents) -> JSONValue {
        if texts.count == 1 { return ["type": "string", "const": .string(texts[0])] }
        return ["type": "string", "enum": .array(texts.map { .string($0) })]
    }
}

extension Schema where Self == Literal {
    /// A string that must be one of these.
    public static func literal(_ texts: String...) -> Self {
        Literal(texts)
    }
}
