import CraneHTTP
import HTTPTypes

/// One state of a file, as it is sent: all of it or the ranges that a client asks for, or 304 where the client has it already.
struct FileRepresentation: Sendable {
    let body: FileBody
    let version: FileVersion
    /// With `Content-Type`, `ETag` and whatever else it has.
    let headers: HTTPFields

    /// Throws 412 and 416.
    func response(
        to request: Request, _ context: Context, status: HTTPResponse.Status?
    ) throws -> Response {
        var response = Response(status: status ?? .ok, headers: headers)
        switch Preconditions(request).verdict(on: version.tag, modified: version.modified) {
        case .notModified:
            // RFC 9110, section 15.4.5: what describes the body stays away.
            response.status = .notModified
            response.headers[.contentType] = nil
            response.headers[.contentEncoding] = nil
            return response
        case .failed:
            throw HTTPError(.preconditionFailed)
        case .proceed:
            break
        }
        // RFC 9110, section 14.2: a range means nothing with any other method, HEAD among them.
        let asked = request.isGet && version.allowsRange(request) ? request.headers[.range] : nil
        switch ByteRanges(asked, size: body.size) {
        case .whole:
            response.body = body.part(0..<body.size, context)
        case .parts(let parts):
            response.status = .partialContent
            if parts.count == 1 {
                response.headers[.contentRange] = body.contentRange(parts[0])
                response.body = body.part(parts[0], context)
            } else {
                let separator = RandomID.next() + RandomID.next()
                let type = headers[.contentType] ?? MediaType.unknown
                response.headers[.contentType] = "multipart/byteranges; boundary=\(separator)"
                response.body = body.parts(parts, type, separator, context)
            }
        case .unsatisfiable:
            throw HTTPError(.rangeNotSatisfiable, headers: [.contentRange: "bytes */\(body.size)"])
        }
        return response
    }
}
