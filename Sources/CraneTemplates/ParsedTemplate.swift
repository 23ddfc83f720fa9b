import CraneSchema
import Mustache

/// A template as the package has it, with all that it includes.
struct ParsedTemplate: Sendable {
    let template: MustacheTemplate
    let library: MustacheLibrary

    func text(_ values: JSONValue) -> String {
        template.render(TemplateValue(values), library: library)
    }

    /// Parses one template.
    static func parse(_ text: String, named name: String) throws(TemplateError) -> MustacheTemplate {
        MarkupEscaping.registered
        do {
            // The line is taken out as one that has nothing but a tag.
            return try MustacheTemplate(string: "{{% CONTENT_TYPE: \(MarkupEscaping.name)}}\n" + text)
        } catch let error as MustacheTemplate.ParserError {
            throw .malformed(
                name, line: error.context.lineNumber - 1, column: error.context.columnNumber,
                "\(error.error)")
        } catch {
            throw .malformed(name, line: 1, column: 1, "\(error)")
        }
    }

    /// The names of the templates that a text includes: `{{> row}}` and `{{< frame}}`. One with `*` is named by a value, and may be any.
    static func includes(in text: String) -> [String] {
        text.split(separator: "{{").dropFirst(text.hasPrefix("{{") ? 0 : 1).compactMap { tag in
            guard let sigil = tag.first, sigil == ">" || sigil == "<" else { return nil }
            let name = tag.prefix { $0 != "}" }.dropFirst().filter { !$0.isWhitespace }
            return name.hasPrefix("*") ? nil : name
        }
    }
}
