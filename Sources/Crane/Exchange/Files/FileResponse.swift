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

    /// So many bytes are read and sent at once.
    static let pieceLength = 256 << 10

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
        let (file, start) = try await opened(context)
        let version = FileVersion(file, headers)
        var response = Response(status: status ?? .ok, headers: fields(version))
        switch Preconditions(request).verdict(on: version.tag, modified: version.modified) {
        case .notModified:
            // RFC 9110, section 15.4.5: what describes the body stays away.
            response.status = .notModified
            response.headers[.contentType] = nil
            return response
        case .failed:
            throw HTTPError(.preconditionFailed)
        case .proceed:
            break
        }
        // RFC 9110, section 14.2: a range means nothing with any other method, HEAD among them.
        let asked = request.isGet && version.allowsRange(request) ? request.headers[.range] : nil
        switch ByteRanges(asked, size: file.size) {
        case .whole:
            let body = FileBody(file: file, start: start)
            response.body = body.part(0..<file.size, context)
        case .parts(let parts):
            response.status = .partialContent
            let body = FileBody(file: file, start: start)
            if parts.count == 1 {
                response.headers[.contentRange] = body.contentRange(parts[0])
                response.body = body.part(parts[0], context)
            } else {
                let separator = RequestID.next() + RequestID.next()
                response.headers[.contentType] = "multipart/byteranges; boundary=\(separator)"
                response.body = body.parts(parts, contentType, separator, context)
            }
        case .unsatisfiable:
            throw HTTPError(.rangeNotSatisfiable, headers: [.contentRange: "bytes */\(file.size)"])
        }
        return response
    }

    /// The file and its first bytes, all of them where it is short: one trip to a worker is enough for those.
    private func opened(_ context: Context) async throws -> (OpenFile, [UInt8]) {
        do {
            return try await context.blocking { [path] in
                let file = try OpenFile(path: path)
                let isShort = file.size <= FileResponse.pieceLength
                return (file, isShort ? try file.read(from: 0, count: file.size) : [])
            }
        } catch let error as FileError where error.isMissing {
            throw HTTPError(.notFound)
        }
    }

    private func fields(_ version: FileVersion) -> HTTPFields {
        var fields: HTTPFields = [
            .contentType: contentType, .acceptRanges: "bytes", .eTag: version.tag,
            .lastModified: HTTPTime.text(version.modified),
        ]
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
