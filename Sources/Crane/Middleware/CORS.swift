public import CraneHTTP
import CraneSystem
import HTTPTypes

/// Lets pages of other origins call this service (the Fetch standard's CORS protocol).
///
/// Answers preflight requests, whatever their path, and puts its fields on every other response to a request with an `Origin`,
/// errors included. It may stand inside the host check, which then refuses preflights too, with these fields. A request without `Origin` costs one look at its header.
/// The responses are Starlette's. With credentials the origin itself is answered, never `*`, and wherever the fields depend on
/// the origin every response says `Vary: Origin`, also to a request without one: a cache would give it to the next page.
public struct CORS: SynchronousMiddleware {
    private let allowsAllOrigins: Bool
    private let allowsAllHeaders: Bool
    private let echoesOrigin: Bool
    private let origins: OriginList
    private let originMatches: (@Sendable (String) -> Bool)?
    private let methods: [String]
    private let headers: [String]
    /// What every response to another origin says, as it goes out; the names of these fields and of the one that follows.
    private let simpleLines: [UInt8]
    private let simpleNames: [HTTPField.Name]
    private let preflightFields: HTTPFields

    /// - Parameters:
    ///   - allowOrigins: origins like `https://talks.example`; `*` for all. Case and the scheme's own port do not count.
    ///   - allowOrigin: asked about an origin that the list does not have.
    ///   - allowMethods: methods beyond which a preflight request fails; `*` for the usual seven.
    ///   - allowHeaders: request fields allowed beyond the safe ones; `*` for all.
    ///   - allowCredentials: whether pages may send cookies and credentials.
    ///   - exposeHeaders: response fields that pages may read beyond the safe ones; browsers take `*` without credentials only.
    ///   - maxAge: seconds that a browser may remember a preflight response.
    public init(
        allowOrigins: [String] = [],
        allowOrigin: (@Sendable (String) -> Bool)? = nil,
        allowMethods: [String] = ["GET"],
        allowHeaders: [String] = [],
        allowCredentials: Bool = false,
        exposeHeaders: [String] = [],
        maxAge: Int = 600
    ) {
        origins = OriginList(allowOrigins)
        originMatches = allowOrigin
        allowsAllOrigins = origins.hasAll
        allowsAllHeaders = allowHeaders.contains("*")
        echoesOrigin = !allowsAllOrigins || allowCredentials
        methods =
            allowMethods.contains("*")
            ? ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"] : allowMethods
        let safe: Set = ["Accept", "Accept-Language", "Content-Language", "Content-Type"]
        let allowed = safe.union(allowHeaders).sorted()
        headers = allowed

        var simple: [HTTPField] = []
        if !echoesOrigin { simple.append(HTTPField(name: .accessControlAllowOrigin, value: "*")) }
        if allowCredentials { simple.append(HTTPField(name: .accessControlAllowCredentials, value: "true")) }
        if !exposeHeaders.isEmpty {
            simple.append(
                HTTPField(name: .accessControlExposeHeaders, value: exposeHeaders.joined(separator: ", ")))
        }
        simpleLines = simple.flatMap { Array("\($0.name.rawName): \($0.value)\r\n".utf8) }
        simpleNames = simple.map(\.name) + (echoesOrigin ? [.accessControlAllowOrigin] : [])

        var preflight = HTTPFields()
        if !echoesOrigin { preflight[.accessControlAllowOrigin] = "*" }
        preflight[.accessControlAllowMethods] = methods.joined(separator: ", ")
        preflight[.accessControlMaxAge] = String(maxAge)
        if !allowsAllHeaders { preflight[.accessControlAllowHeaders] = allowed.joined(separator: ", ") }
        if allowCredentials { preflight[.accessControlAllowCredentials] = "true" }
        preflightFields = preflight
    }

    public func enter(_ request: Request, _ context: Context) -> Response? {
        isPreflight(request) && request.headers.contains(.origin) ? permission(request) : nil
    }

    public func leave(_ request: Request, _ context: Context, _ response: inout Response) {
        // A browser asks for no permission before it opens a WebSocket: such routes check the origin themselves.
        if request.isWebSocketHandshake { return }
        if echoesOrigin { response.variesByOrigin = true }
        guard request.headers.contains(.origin) else { return }
        if isPreflight(request), response.headers.contains(.accessControlAllowMethods) { return }
        addFields(to: &response, for: request)
    }

    private func isPreflight(_ request: Request) -> Bool {
        request.method == .options && request.headers.contains(.accessControlRequestMethod)
    }

    private func permission(_ request: Request) -> Response {
        let origin = request.headers.first(.origin) ?? ""
        let method = request.headers.first(.accessControlRequestMethod) ?? ""
        var fields = preflightFields
        var failures: [String] = []
        if !allows(origin) {
            failures.append("origin")
        } else if echoesOrigin {
            fields.mirror(.origin, of: request, as: .accessControlAllowOrigin)
        }
        if !methods.contains(where: { $0.isSpelt(method) }) { failures.append("method") }
        if let requested = request.headers.first(.accessControlRequestHeaders) {
            if allowsAllHeaders {
                fields.mirror(.accessControlRequestHeaders, of: request, as: .accessControlAllowHeaders)
            } else if !allows(headers: requested) {
                failures.append("headers")
            }
        }
        var response =
            failures.isEmpty
            ? Response.text("OK")
            : .text("Disallowed CORS " + failures.joined(separator: ", "), status: .badRequest)
        response.headers.append(contentsOf: fields)
        return response
    }

    private func allows(_ origin: String) -> Bool {
        allowsAllOrigins || origins.contains(origin) || originMatches?(origin) == true
    }

    private func allows(headers requested: String) -> Bool {
        requested.pieces(at: ",").allSatisfy { piece in
            let name = piece.withoutBlanks
            return headers.contains { $0.isSpeltWithoutCase(name) }
        }
    }

    @inline(never)
    private func addFields(to response: inout Response, for request: Request) {
        // What a handler says of them itself does not count.
        if response.usualType == nil {
            for name in simpleNames where response.headers.contains(name) { response.headers[name] = nil }
        }
        if response.sharedLines.isEmpty {
            response.sharedLines = simpleLines
        } else {
            response.fieldLines += simpleLines
        }
        guard echoesOrigin, let origin = request.bytes(of: .origin),
            allowsAllOrigins || allows(origin.text)
        else { return }
        response.appendFieldLine("Access-Control-Allow-Origin: ", origin)
    }
}

extension HTTPFields {
    /// Puts a request's field, byte for byte, as another one.
    fileprivate mutating func mirror(_ name: HTTPField.Name, of request: Request, as other: HTTPField.Name) {
        guard let bytes = request.bytes(of: name) else { return }
        self[fields: other] = [HTTPField(name: other, value: bytes.array)]
    }
}
