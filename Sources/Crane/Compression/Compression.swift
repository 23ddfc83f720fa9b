public import CraneHTTP
import CraneSystem
import HTTPTypes

/// Compresses responses with gzip or deflate, as the client's `Accept-Encoding` says (RFC 9110, section 12.5.3).
///
/// ```swift
/// app.middleware = [AccessLog(.standardError()), Compression()]
/// ```
/// Stands inside what should see the sizes that are sent, and outside what makes bodies. A body of at most 16 KiB is compressed at once, on
/// the loop; a longer one, and a stream, piece by piece while the client takes it, long pieces on worker threads, and then without a
/// `Content-Length`. A stream of unknown length is flushed with each write, so that its reader waits for nothing.
///
/// Left alone is what has a `Content-Encoding`, parts of files, `Cache-Control: no-transform`, and what has no body. Every response that
/// could have been compressed has `Vary: Accept-Encoding`. Its entity tag becomes weak, as the bytes are others: `If-None-Match` goes on to
/// work, `If-Match` does not, so routes whose tags guard changes give them in `exempt` or are short.
///
/// A page that shows a secret beside a text of the requester's tells it by its length (the attack called BREACH): put `Compression`
/// on routers or routes that have none.
public struct Compression: SynchronousMiddleware {
    /// What is compressed by default: texts, JSON, XML, scripts, WebAssembly and SVG; no event streams, which each hold 64 KiB for a long time.
    public static let usualTypes = [
        "text/*", "application/json", "*+json", "application/jsonl", "application/x-ndjson",
        "application/javascript", "application/xml", "*+xml", "application/yaml", "application/wasm",
        "image/bmp", "font/ttf", "font/otf",
    ]

    private let minimumSize: Int
    private let level: Int32
    private let types: MediaTypeList
    private let exempt: [[UInt8]]

    /// - Parameters:
    ///   - minimumSize: shorter bodies are left alone, in bytes; they fit into one packet as they are.
    ///   - level: from 1, the fastest, to 9, the smallest.
    ///   - types: media types that are compressed: `application/json`, all of `text/*`, or those that end so, `*+json`. Event streams are
    ///     among them where `text/event-stream` stands there.
    ///   - exempt: paths whose responses are left alone.
    public init(
        minimumSize: Int = 500, level: Int = 4, types: [String] = usualTypes, exempt: [String] = []
    ) {
        precondition((1...9).contains(level), "a level of compression is between 1 and 9")
        self.minimumSize = minimumSize
        self.level = Int32(level)
        self.types = MediaTypeList(types)
        self.exempt = exempt.map { Array($0.utf8) }
    }

    public func leave(_ request: Request, _ context: Context, _ response: inout Response) {
        if response.status == .notModified { return keepTag(of: &response, for: request) }
        guard isCompressible(response), !isExempt(request) else { return }
        response.addVary("Accept-Encoding")
        guard let coding = AcceptedCodings(request).best(of: [.gzip, .deflate]),
            let body = body(of: response, coding, request, context)
        else { return }
        response.body = body
        response.headers[.contentEncoding] = coding.name
        // A range would be one of the compressed bytes, which are made anew each time.
        response.headers[.acceptRanges] = nil
        if let tag = response.headers[.eTag], !tag.hasPrefix("W/") { response.headers[.eTag] = "W/" + tag }
    }

    private func isExempt(_ request: Request) -> Bool {
        if exempt.isEmpty { return false }
        return exempt.contains { $0.span.isSpelt(request.pathBytes) }
    }

    private func isCompressible(_ response: Response) -> Bool {
        if let length = response.body.length, length < minimumSize { return false }
        switch response.status.code {
        case ..<200, 204, 205, 206, 304: return false
        default: break
        }
        if case .upgrade = response.body.storage { return false }
        // Without other fields, and of a type that is text.
        if let type = response.usualType { return types.holds(type) }
        let headers = response.headers
        guard let type = headers[.contentType], types.holds(type), headers[.contentEncoding] == nil,
            headers[.contentRange] == nil
        else { return false }
        // Digests are of the bytes as they are (RFC 9530).
        if headers[.contentDigest] != nil || headers[.reprDigest] != nil { return false }
        return !(headers[.cacheControl]?.lowercased().contains("no-transform") ?? false)
    }

    /// The compressed body; `nil` where it would not be shorter.
    private func body(
        of response: Response, _ coding: ContentCoding, _ request: Request, _ context: Context
    ) -> ResponseBody? {
        // What GET would send is not made; its length is not known then.
        if request.isHead { return ResponseBody { _ in } }
        let plain: [UInt8]
        switch response.body.storage {
        case .bytes(let bytes) where bytes.count <= CompressingWriter.loopPiece: plain = bytes
        case .string(let text) where text.utf8.count <= CompressingWriter.loopPiece: plain = Array(text.utf8)
        default: return streamed(response.body, coding, context)
        }
        guard let coded = coding.compress(plain, level: level), coded.count < plain.count else { return nil }
        return ResponseBody(coded)
    }

    private func streamed(_ body: ResponseBody, _ coding: ContentCoding, _ context: Context) -> ResponseBody?
    {
        // A window of 8 KiB: as long as a client takes its time, this memory is held.
        guard let format = coding.format(bits: 13) else { return nil }
        let flushes = body.length == nil
        return ResponseBody(length: nil, holding: body.heldBytes + format.memory) { [level] writer in
            let deflater = Deflater.take(format, level: level)
            defer { deflater.giveBack() }
            let compressing = CompressingWriter(writer, deflater, context.loop, flushes: flushes)
            try await body.write(to: compressing)
            try await compressing.end()
        }
    }

    /// A client that has the compressed form knows it by the weak tag, and is told the same.
    private func keepTag(of response: inout Response, for request: Request) {
        guard let tag = response.headers[.eTag], !tag.hasPrefix("W/"),
            let known = request.headers[.ifNoneMatch], known.contains("W/" + tag)
        else { return }
        response.headers[.eTag] = "W/" + tag
    }
}

extension Response {
    /// Notes that a request with another field of that name would get another response (RFC 9110, section 12.5.5).
    mutating func addVary(_ name: String) {
        guard let known = headers[.vary] else {
            headers[.vary] = name
            return
        }
        let names = known.split(separator: ",").map { $0.withoutBlanks.loweredASCII }
        if !names.contains(name.loweredASCII), !names.contains("*") { headers[.vary] = known + ", " + name }
    }
}
