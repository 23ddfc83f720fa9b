import CraneHTTP
import CraneSystem
import HTTPTypes

/// Files below a path, whatever they are called.
struct StaticFiles: Sendable {
    let source: any FileSource
    let cacheControl: String?
    let index: String?
    let fallback: String?

    /// The answer to a request for what lies at the path below.
    func response(to request: Request, _ context: Context, _ path: String) async throws -> Response {
        guard StaticFiles.isPlain(path, request.rawPathBytes) else { throw UnmatchedError() }
        let last = path.pieces(at: "/").last ?? ""
        let name = last.isEmpty ? index.map { path + $0 } : path
        let codings = AcceptedCodings(request)
        if let name, let file = try await source.find(name, codings, context) {
            return try file.response(to: request, context, cacheControl: cacheControl)
        }
        // A page's own links are relative to its folder, which ends in a slash.
        if let index, !last.isEmpty, try await source.find("\(path)/\(index)", codings, context) != nil {
            return .redirect(to: context.location(ofPath: request.rawPathBytes, followedBy: "/"))
        }
        // What is called like a file is missing; any other path is for the page's script.
        if let fallback, !last.holds(UInt8(ascii: ".")),
            let file = try await source.find(fallback, codings, context)
        {
            return try file.response(to: request, context, cacheControl: cacheControl)
        }
        throw UnmatchedError()
    }

    /// Whether a decoded path means below the folder what it says: no way up, no hidden file, no slash that was encoded, and no
    /// control byte. One that is not UTF-8 holds U+FFFD, and is the name of nothing.
    static func isPlain(_ path: String, _ raw: Span<UInt8>) -> Bool {
        guard !raw.holdsEncodedSlash else { return false }
        let names = path.pieces(at: "/")
        for (place, name) in names.enumerated() {
            if name.isEmpty, place < names.count - 1 { return false }
            if name.utf8.first == UInt8(ascii: ".") { return false }
            for byte in name.utf8 where byte < 0x20 || byte == 0x7F || byte == UInt8(ascii: "\\") {
                return false
            }
        }
        return true
    }
}

extension Span where Element == UInt8 {
    /// Whether `%2F` stands in it, in either case.
    fileprivate var holdsEncodedSlash: Bool {
        var index = 0
        while index + 2 < count {
            if self[index] == UInt8(ascii: "%"), self[index + 1] == UInt8(ascii: "2"),
                self[index + 2] | 0x20 == UInt8(ascii: "f")
            {
                return true
            }
            index += 1
        }
        return false
    }
}

extension RouteCollection {
    /// Serves the files of a folder, and of those below it.
    ///
    /// ```swift
    /// app.files("/static", in: "public", cacheControl: "public, max-age=3600")
    /// app.files("/", in: "dist", fallback: "index.html")
    /// ```
    /// Ranges, conditions and `HEAD` are answered, with an entity tag and `Last-Modified`. Of a file `app.js` beside which `app.js.zst`,
    /// `app.js.br` or `app.js.gz` lie a client is sent the one that it likes best. A folder is its index, under an address with a slash.
    /// Nothing outside the folder is sent: no way up, no symbolic link that leads out, and no name that begins with a dot. What is not
    /// there is an `UnmatchedError`. Files are read on worker threads, a piece at a time while the client takes it.
    /// - Parameters:
    ///   - path: what the files' addresses begin with; `/` for all that no other route takes.
    ///   - folder: the folder, which must be there at the start; of the process's directory where it begins without a slash.
    ///   - cacheControl: the value of `Cache-Control`: how long browsers keep a file without a question. They decide it themselves without.
    ///   - index: the file that a folder is answered with; `nil` for none.
    ///   - fallback: the file that answers for what is not there and has no dot in its name: the page of an application whose
    ///     script knows its paths.
    @discardableResult
    public mutating func files(
        _ path: String, in folder: String, cacheControl: String? = nil, index: String? = "index.html",
        fallback: String? = nil
    ) -> Route {
        let isThere = (try? OpenFolder(folder)) != nil
        return files(
            path,
            StaticFiles(
                source: FolderSource(path: folder), cacheControl: cacheControl, index: index,
                fallback: fallback),
            mistake: isThere ? nil : "there is no folder \(folder)")
    }

    /// Serves files of the program in the same way, under their names, which may have slashes; with gzip for those who take it.
    ///
    /// `files(_:)` serves them under addresses that browsers keep for ever.
    /// - Parameters:
    ///   - path: what the files' addresses begin with; `/` for all that no other route takes.
    ///   - files: the files; of two of one name the last counts.
    ///   - cacheControl: the value of `Cache-Control`.
    ///   - index: the file that a folder is answered with; `nil` for none.
    ///   - fallback: the file that answers for what is not there and has no dot in its name.
    @discardableResult
    public mutating func files(
        _ path: String, embedded files: [EmbeddedFile], cacheControl: String? = nil,
        index: String? = "index.html", fallback: String? = nil
    ) -> Route {
        self.files(
            path,
            StaticFiles(
                source: EmbeddedSource(contents: LazyValue { EmbeddedContents(files) }),
                cacheControl: cacheControl, index: index, fallback: fallback), mistake: nil)
    }

    private mutating func files(_ path: String, _ files: StaticFiles, mistake: String?) -> Route {
        var registration = Registration(method: .get, path: (path == "/" ? "" : path) + "/{path:path}") {
            request, context in
            try await files.response(to: request, context, context.parameters["path"] ?? "")
        }
        registration.mistake = mistake
        let route = Route(registration)
        add(route)
        return route
    }
}
