import Crane
import Mustache

/// Escapes what stands in markup, by code points.
///
/// The package's own goes by characters: a quote with a combining mark behind it, or a `<` behind a character that joins what follows, is
/// one of its own there, and leaves as it is.
struct MarkupEscaping: MustacheContentType {
    /// What the templates' first line calls it.
    static let name = "CRANE-HTML"

    /// Makes it known to the package, once.
    static let registered: Void = MustacheContentTypes.register(MarkupEscaping(), named: name)

    func escapeText(_ text: String) -> String { HTML.escaped(text) }
}
