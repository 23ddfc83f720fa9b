import CraneHTTP
import HTTPTypes

/// Files of the program that browsers fetch: styles, scripts, images.
///
/// A file's address has a hash of all of them in it, `/static/9f2c71ab03d4e588/board.css`, so that a browser keeps it for ever and a new
/// program's pages lead to the new one. Files may name each other by relative addresses. An address with another hash is answered with
/// the present file and not kept. Each file has an entity tag, and is sent with gzip to those who take it. All this is made at the
/// first request. Under plain addresses `files(_:embedded:)` serves them.
public struct EmbeddedFiles: Sendable {
    private let path: String
    private let names: Set<String>
    private let contents: LazyValue<EmbeddedContents>

    /// - Parameters:
    ///   - path: what their addresses begin with.
    ///   - files: files whose names have no slash; traps on two of one name.
    public init(at path: String = "/static", _ files: [EmbeddedFile]) {
        self.path = path
        names = Set(files.map(\.name))
        precondition(names.count == files.count, "two files at \(path) have one name")
        contents = LazyValue { EmbeddedContents(files) }
    }

    /// Where a browser finds the file, below the application's root path; traps on one that is not there.
    ///
    /// - Parameters:
    ///   - name: the name of one of these files.
    ///   - context: the request that asks for the page.
    public func address(of name: String, in context: Context) -> String {
        precondition(names.contains(name), "no file \(name) at \(path)")
        return "\(context.rootPath)\(path)/\(contents.value.hash)/\(name)"
    }

    /// The route's pattern.
    var pattern: String { "\(path)/{version}/{name}" }

    /// The answer to a request for a file.
    func response(to request: Request, _ context: Context) throws -> Response {
        let contents = contents.value
        let coding = AcceptedCodings(request).best(of: [.gzip])
        guard let name = context.parameters["name"], let file = contents.file(name, coding) else {
            throw UnmatchedError()
        }
        let isPresent = context.parameters["version"] == contents.hash
        return try file.response(
            to: request, context,
            cacheControl: isPresent ? "public, max-age=31536000, immutable" : "no-cache")
    }
}

extension RouteCollection {
    /// Serves files of the program.
    @discardableResult
    public mutating func files(_ files: EmbeddedFiles) -> Route {
        get(files.pattern) { request, context in try files.response(to: request, context) }
    }
}

/// What is known of embedded files once somebody has asked for one.
struct EmbeddedContents: Sendable {
    private struct Content: Sendable {
        let hash: String
        let plain: [UInt8]
        /// `nil` where it would not be shorter.
        let compressed: [UInt8]?
    }

    /// That of all of them.
    let hash: String
    private let contents: [String: Content]

    init(_ files: [EmbeddedFile]) {
        var all = ContentHash()
        var contents: [String: Content] = [:]
        for file in files {
            let plain = file.bytes
            all.add(file.name.utf8)
            all.add(plain)
            var hash = ContentHash()
            hash.add(plain)
            let compressed = ContentCoding.gzip.compress(plain, level: 9)
            contents[file.name] = Content(
                hash: hash.text, plain: plain,
                compressed: compressed.flatMap { $0.count < plain.count ? $0 : nil })
        }
        hash = all.text
        self.contents = contents
    }

    func holds(_ name: String) -> Bool { contents[name] != nil }

    /// The file of that name, in a coding where it has it.
    func file(_ name: String, _ coding: ContentCoding?) -> FoundFile? {
        guard let content = contents[name] else { return nil }
        let coded = coding == .gzip ? content.compressed : nil
        let bytes = coded ?? content.plain
        // The same bytes in another coding are another state (RFC 9110, section 8.8.3.3).
        let tag = "\"\(content.hash)\(coded == nil ? "" : "-gzip")\""
        return FoundFile(
            name: name, body: FileBody(content: .memory(bytes), size: bytes.count),
            version: FileVersion(tag: tag, modified: nil), coding: coded == nil ? nil : .gzip,
            hasCodings: true)
    }
}
