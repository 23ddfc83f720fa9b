import CraneHTTP
import HTTPTypes

/// Where files are that clients ask for by their addresses.
protocol FileSource: Sendable {
    /// The file of that name, in the best coding that the source has of those that are taken; `nil` where there is none.
    func find(_ name: String, _ codings: AcceptedCodings, _ context: Context) async throws -> FoundFile?
}

/// Files of the program.
struct EmbeddedSource: FileSource {
    let contents: LazyValue<EmbeddedContents>

    func find(_ name: String, _ codings: AcceptedCodings, _ context: Context) -> FoundFile? {
        contents.value.file(name, codings.best(of: [.gzip]))
    }
}

/// The files of a folder, as they are at the moment.
struct FolderSource: FileSource {
    let path: String

    func find(_ name: String, _ codings: AcceptedCodings, _ context: Context) async throws -> FoundFile? {
        try await context.blocking { try find(name, codings) }
    }

    private func find(_ name: String, _ codings: AcceptedCodings) throws(FileError) -> FoundFile? {
        do throws(FileError) {
            let folder = try OpenFolder(path)
            let plain = try folder.file(name)
            guard MediaTypeList.usual.holds(MediaType.guess(name)) else {
                return try found(plain, name, nil, hasCodings: false)
            }
            var left: [ContentCoding] = [.zstd, .brotli, .gzip]
            while let coding = codings.best(of: left) {
                if let file = try? folder.file(name + coding.suffix) {
                    return try found(file, name, coding, hasCodings: true)
                }
                left.removeAll { $0 == coding }
            }
            return try found(plain, name, nil, hasCodings: true)
        } catch  where error.isMissing || error.isForbidden {
            return nil
        }
    }

    private func found(
        _ file: OpenFile, _ name: String, _ coding: ContentCoding?, hasCodings: Bool
    ) throws(FileError) -> FoundFile {
        FoundFile(
            name: name, body: FileBody(content: try FileContent(file), size: file.size),
            version: FileVersion(file, HTTPFields()), coding: coding, hasCodings: hasCodings)
    }
}

/// A file that a client has asked for by its address.
struct FoundFile: Sendable {
    /// By which its type is known.
    let name: String
    let body: FileBody
    let version: FileVersion
    /// The form in which its bytes are.
    let coding: ContentCoding?
    /// Whether another client may be sent another form.
    let hasCodings: Bool

    /// - Parameter cacheControl: how long others may keep it; `nil` for what they decide.
    func response(to request: Request, _ context: Context, cacheControl: String?) throws -> Response {
        var headers = version.fields(MediaType.guess(name))
        headers[.xContentTypeOptions] = "nosniff"
        if let cacheControl { headers[.cacheControl] = cacheControl }
        if hasCodings { headers[.vary] = "Accept-Encoding" }
        if let coding { headers[.contentEncoding] = coding.name }
        return try FileRepresentation(body: body, version: version, headers: headers)
            .response(to: request, context, status: nil)
    }
}
