public import Crane
import CraneSystem
import Mustache

/// Mustache templates: `row.mustache` is the template `row`.
///
/// What a value says is escaped, in elements and in quoted attributes. It is not made safe as the whole of an address: `href="{{url}}"` is
/// for addresses that are your own.
public struct Templates: Sendable {
    private let read: @Sendable (_ name: String) throws(TemplateError) -> String?
    private let reloads: Bool
    private let parsesAtStart: Bool

    /// Templates that the build has put into the program.
    ///
    /// - Parameters:
    ///   - files: the files that the build has embedded.
    ///   - parsesAtStart: whether `page` reads its template, and so tells what is wrong with it; without it that is told where
    ///     the page is first made, and the start costs nothing. A test then calls `check`.
    public init(_ files: [EmbeddedFile], parsesAtStart: Bool = true) {
        let files = Dictionary(files.map { ($0.name, $0) }) { first, _ in first }
        read = { name throws(TemplateError) in
            files[name + Self.ending].map { String(decoding: $0.bytes, as: UTF8.self) }
        }
        reloads = false
        self.parsesAtStart = parsesAtStart
    }

    /// Templates in a folder.
    ///
    /// - Parameters:
    ///   - directory: the path of the folder.
    ///   - reloads: whether every page is made of the files as they are then, for development: each is read anew on the loop.
    public init(directory: String, reloads: Bool = false) {
        read = { name throws(TemplateError) in try Self.file("\(directory)/\(name)\(Self.ending)") }
        self.reloads = reloads
        parsesAtStart = true
    }

    /// The template of a page, with all that it includes.
    ///
    /// Throws `TemplateError` when one of them is not there or cannot be parsed.
    public func page(_ name: String) throws(TemplateError) -> PageTemplate {
        if !reloads, !parsesAtStart {
            guard try read(name) != nil else { throw .missing(name) }
            let kept = LazyValue { [self] in result(name) }
            return PageTemplate { kept.value }
        }
        let parsed = try parsed(name)
        return reloads ? PageTemplate { [self] in result(name) } : PageTemplate { .success(parsed) }
    }

    /// Reads a template with all that it includes; throws what is wrong.
    public func check(_ name: String) throws(TemplateError) {
        _ = try parsed(name)
    }

    private func result(_ name: String) -> Result<ParsedTemplate, TemplateError> {
        Result { () throws(TemplateError) in try parsed(name) }
    }

    private func parsed(_ name: String) throws(TemplateError) -> ParsedTemplate {
        var library = MustacheLibrary()
        var waiting = [name]
        var found: Set<String> = []
        while let next = waiting.popLast() {
            guard found.insert(next).inserted else { continue }
            guard let text = try read(next) else {
                throw next == name ? .missing(name) : .includeMissing(next, in: name)
            }
            library.register(try ParsedTemplate.parse(text, named: next), named: next)
            waiting += ParsedTemplate.includes(in: text)
        }
        guard let template = library.getTemplate(named: name) else { throw .missing(name) }
        return ParsedTemplate(template: template, library: library)
    }

    private static let ending = ".mustache"
    /// A template has at most so many bytes.
    private static let longest = 1 << 20

    private static func file(_ path: String) throws(TemplateError) -> String? {
        do throws(SystemError) {
            let file = try FileDescriptor.open(path, O_RDONLY | O_NONBLOCK)
            guard let bytes = try file.readToEnd(limit: longest) else { throw SystemError(EFBIG) }
            return String(decoding: bytes, as: UTF8.self)
        } catch {
            if error.code == ENOENT || error.code == ENOTDIR { return nil }
            throw .unreadable(path, "\(error)")
        }
    }
}
