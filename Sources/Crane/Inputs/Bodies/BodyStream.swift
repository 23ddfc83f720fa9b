public import CraneHTTP
import CraneSchema
import HTTPTypes

/// The body as it comes, of any type, for what is too long to be kept: `BodyStream(upTo: 1 << 30)`.
///
/// ```swift
/// app.put("/films/{id}", Path("id", Int.self), BodyStream("video/mp4", upTo: 1 << 30), ContextInput()) { id, film, context in
///     try await film.save(to: "films/\(id).mp4", on: context)
/// }
/// ```
/// Reading slower than the client sends stops the socket. The server's own bound on a body, 16 MiB if it is not told otherwise, comes
/// before; a body that is longer than the route takes is 413.
public struct BodyStream: Input {
    private let contentType: String
    private let description: String?
    private let limit: Int

    /// - Parameters:
    ///   - contentType: what OpenAPI says of it; a request may say otherwise.
    ///   - description: what OpenAPI says of it; Markdown.
    ///   - limit: the most bytes that are taken; 413 beyond.
    public init(
        _ contentType: String = "application/octet-stream", description: String? = nil,
        upTo limit: Int = 16 << 20
    ) {
        self.contentType = contentType
        self.description = description
        self.limit = limit
    }

    public func value(in inputs: inout Inputs) async throws -> RequestBody? { body(of: inputs.request) }

    public var extraction: InputExtraction { .reading { body(of: $0.request) } }

    private func body(of request: Request) -> RequestBody {
        RequestBody(source: BoundedSource(request.body, upTo: limit))
    }

    public func describe(to operation: inout InputsDescription) {
        // JSON of a form that nobody told may be anything.
        var schema: [JSONValue.Member] =
            contentType == "application/json" ? [] : [.init("type", "string"), .init("format", "binary")]
        if let description { schema.append(.init("description", .string(description))) }
        operation.add(
            InputsDescription.DescribedBody(
                plan: BodyPlan(kind: .stream, limit: limit), mediaType: contentType, isRequired: true,
                schema: { [schema] _ in .object(schema) }))
    }
}

/// A body of which no more is given than a route takes. Read by one task at a time.
private final class BoundedSource: RequestBodySource, @unchecked Sendable {
    private let body: RequestBody
    private var parts: RequestBody.AsyncIterator
    private var left: Int
    private let isTooLong: Bool

    init(_ body: RequestBody, upTo limit: Int) {
        self.body = body
        parts = body.makeAsyncIterator()
        left = limit
        isTooLong = body.expectedLength.map { $0 > UInt64(limit) } ?? false
    }

    var expectedLength: UInt64? { body.expectedLength }
    var trailers: HTTPFields { body.trailers }
    func hold(_ count: Int) throws { try body.hold(count) }

    func next() async throws -> [UInt8]? {
        // What is said to be too long is not read at all.
        if isTooLong { throw RequestBodyError.tooLarge }
        guard let part = try await parts.next() else { return nil }
        guard part.count <= left else { throw RequestBodyError.tooLarge }
        left -= part.count
        return part
    }
}

extension RequestBody {
    /// Puts the body at a path of the application's as it comes, whole or not at all; its folder must be there.
    ///
    /// Keeps 256 KiB of it in memory. Runs on worker threads; returns before the disk has it (fsync(2)). Throws `FileError`, and
    /// `RequestBodyError` where the client sends no whole body.
    /// - Parameters:
    ///   - path: where it shall be; of the process's directory where it begins without a slash.
    ///   - context: the request's.
    ///   - replaces: whether a file that is there gives way; an error without.
    ///   - permissions: who may read and write it.
    /// - Returns: how many bytes it has.
    @discardableResult
    public func save(
        to path: String, on context: Context, replaces: Bool = true, permissions: UInt32 = 0o644
    ) async throws -> Int {
        let destination = FileDestination(path: path, replaces: replaces, permissions: permissions)
        let target = try await context.blocking { try NewFile(destination) }
        do {
            var (written, waiting): (Int, [UInt8]) = (0, [])
            for try await part in self {
                waiting += part
                try hold(waiting.count)
                guard waiting.count >= 256 << 10 else { continue }
                try await context.blocking { [waiting, written] in try target.write(waiting, at: written) }
                written += waiting.count
                waiting = []
            }
            try await context.blocking { [waiting, written] in
                try target.write(waiting, at: written)
                try target.finish()
            }
            return written + waiting.count
        } catch {
            target.abandon(on: context.loop)
            throw error
        }
    }
}
