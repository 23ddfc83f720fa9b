public import CraneHTTP
public import HTTPTypes

/// A file of this machine: all of it or the ranges that the client asks for, or 304 where the client has it already.
///
/// It is read on worker threads, a piece at a time while the client takes it. A file that is not there is 404. The path is the
/// application's: one that a client names must be checked before.
public struct FileResponse: ResponseConvertible {
    /// Whether a browser shows the file or saves it under a name.
    public enum Disposition: Hashable, Sendable {
        case inline
        case attachment(name: String)
    }

    private let path: String
    private let contentType: String
    private let disposition: Disposition
    private let headers: HTTPFields

    /// - Parameters:
    ///   - path: the path of the file, of the process's directory where it begins without a slash.
    ///   - contentType: the value of `Content-Type`; guessed of the end of the path where it is `nil`.
    ///   - disposition: whether a browser shows the file or saves it.
    ///   - headers: fields beside the file's own, or in their place; conditions are then about that `ETag` and `Last-Modified`.
    public init(
        _ path: String, contentType: String? = nil, disposition: Disposition = .inline,
        headers: HTTPFields = HTTPFields()
    ) {
        self.path = path
        self.contentType = headers[.contentType] ?? contentType ?? MediaType.guess(path)
        self.disposition = disposition
        self.headers = headers
    }

    public func response(
        for request: Request, context: Context, status: HTTPResponse.Status?
    ) async throws -> Response {
        let (file, content) = try await opened(context)
        let version = FileVersion(file, headers)
        return try FileRepresentation(
            body: FileBody(content: content, size: file.size), version: version, headers: fields(version)
        ).response(to: request, context, status: status)
    }

    private func opened(_ context: Context) async throws -> (OpenFile, FileContent) {
        do {
            return try await context.blocking { [path] in
                let file = try OpenFile(path: path)
                return (file, try FileContent(file))
            }
        } catch let error as FileError where error.isMissing {
            throw HTTPError(.notFound)
        }
    }

    private func fields(_ version: FileVersion) -> HTTPFields {
        var fields = version.fields(contentType)
        if case .attachment(let name) = disposition {
            fields[.contentDisposition] = FileResponse.attachment(name)
        }
        fields.replace(with: headers)
        return fields
    }

    /// RFC 6266, section 4, and RFC 8187: names that are not plain are percent-encoded UTF-8.
    private static func attachment(_ name: String) -> String {
        let encoded = name.percentEncoded()
        return encoded == name
            ? "attachment; filename=\"\(name)\"" : "attachment; filename*=utf-8''\(encoded)"
    }
}
