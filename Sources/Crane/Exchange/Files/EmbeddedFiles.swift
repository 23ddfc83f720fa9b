import CraneHTTP
import HTTPTypes

/// Files of the program that browsers fetch: styles, scripts, images.
///
/// A file's address has a hash of all of them in it, `/static/9f2c71ab03d4e588/board.css`, so that a browser keeps it for ever and a new
/// program's pages lead to the new one. Files may name each other by relative addresses. An address with another hash is answered with
/// the present file and not kept. Each file has an entity tag, and is sent with gzip to those who take it. All this is made at the
/// first request.
public struct EmbeddedFiles: Sendable {
    private struct Content: Sendable {
        let type: String
        let plain: [UInt8]
        /// `nil` where it would not be shorter.
        let compressed: [UInt8]?
    }

    private struct State: Sendable {
        let hash: String
        let files: [String: Content]

        init(_ files: [EmbeddedFile]) {
            var hash = ContentHash()
            var contents: [String: Content] = [:]
            for file in files {
                let plain = file.bytes
                hash.add(file.name.utf8)
                hash.add(plain)
                let compressed = Gzip.compress(plain)
                contents[file.name] = Content(
                    type: MediaType.guess(file.name), plain: plain,
                    compressed: compressed.flatMap { $0.count < plain.count ? $0 : nil })
            }
            self.hash = hash.text
            self.files = contents
        }
    }

    private let path: String
    private let names: Set<String>
    private let state: LazyValue<State>

    /// - Parameters:
    ///   - path: what their addresses begin with.
    ///   - files: files whose names have no slash; traps on two of one name.
    public init(at path: String = "/static", _ files: [EmbeddedFile]) {
        self.path = path
        names = Set(files.map(\.name))
        precondition(names.count == files.count, "two files at \(path) have one name")
        state = LazyValue { State(files) }
    }

    /// Where a browser finds the file, below the application's root path; traps on one that is not there.
    ///
    /// - Parameters:
    ///   - name: the name of one of these files.
    ///   - context: the request that asks for the page.
    public func address(of name: String, in context: Context) -> String {
        precondition(names.contains(name), "no file \(name) at \(path)")
        return "\(context.rootPath)\(path)/\(state.value.hash)/\(name)"
    }

    /// The route's pattern.
    var pattern: String { "\(path)/{version}/{name}" }

    /// The answer to a request for a file.
    func response(to request: Request, _ context: Context) throws -> Response {
        let state = state.value
        guard let name = context.parameters["name"], let file = state.files[name] else {
            throw HTTPError(.notFound)
        }
        let coded = Gzip.isTaken(by: request) ? file.compressed : nil
        // The same bytes in another coding are another state (RFC 9110, section 8.8.3.3).
        let tag = "\"\(state.hash)\(coded == nil ? "" : "-gzip")\""
        let isPresent = context.parameters["version"] == state.hash
        var response = Response(headers: [
            .eTag: tag, .vary: "Accept-Encoding", .xContentTypeOptions: "nosniff",
            .cacheControl: isPresent ? "public, max-age=31536000, immutable" : "no-cache",
        ])
        switch Preconditions(request).verdict(on: tag) {
        case .notModified:
            response.status = .notModified
            return response
        case .failed:
            throw HTTPError(.preconditionFailed)
        case .proceed: break
        }
        response.headers[.contentType] = file.type
        if coded != nil { response.headers[.contentEncoding] = "gzip" }
        response.body = ResponseBody(coded ?? file.plain)
        return response
    }
}

extension RouteCollection {
    /// Serves files of the program.
    @discardableResult
    public mutating func files(_ files: EmbeddedFiles) -> Route {
        get(files.pattern) { request, context in try files.response(to: request, context) }
    }
}
