public import Crane

/// A template that pages are made of.
///
/// ```swift
/// let board = try templates.page("board")
/// app.get("/board") { HTML(try board.text(["title": "Talks", "talks": .array(talks)])) }
/// ```
public struct PageTemplate: Sendable {
    private let parsed: @Sendable () -> Result<ParsedTemplate, TemplateError>

    init(_ parsed: @escaping @Sendable () -> Result<ParsedTemplate, TemplateError>) {
        self.parsed = parsed
    }

    /// The page's text with values for what the template names.
    ///
    /// Throws `TemplateError` for a template that was not parsed at the start, or has changed since. Cost: a microsecond or so for each
    /// tag; a page of hundreds of rows is made on a worker thread (`Context.blocking`).
    public func text(_ values: JSONValue) throws(TemplateError) -> String {
        try parsed().get().text(values)
    }

    /// The page's text with the members of a value that describes itself.
    public func text(_ value: some SchemaRepresentable) throws -> String {
        try text(JSONValue.parse(type(of: value).schema.encode(value)))
    }
}
