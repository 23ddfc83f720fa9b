public import CraneHTTP
public import CraneSchema
public import HTTPTypes

/// Values as JSON, a line each, sent as they are made: `application/jsonl`.
///
/// ```swift
/// app.get("/export") { JSONLines(notes.all()) }
/// ```
/// Each line goes out at once and waits for a slow client. An error that is thrown closes the connection, so that the client sees the
/// body cut; it is logged.
public struct JSONLines<Value: SchemaRepresentable>: SynchronousResponseConvertible {
    public static var mediaType: String? { "application/jsonl" }

    /// A text whose lines are of the value's schema.
    public static func jsonSchema(_ components: inout SchemaComponents) -> JSONValue? {
        [
            "type": "string", "contentMediaType": "application/jsonl",
            "contentSchema": Value.schema.jsonSchema(&components),
        ]
    }

    private let headers: HTTPFields
    private let write: @Sendable (JSONLineWriter<Value>) async throws -> Void

    /// Lines that a closure writes.
    ///
    /// - Parameters:
    ///   - type: what each line holds.
    ///   - headers: fields beside the response's own, or in their place.
    ///   - write: writes the lines; runs when the head has been sent.
    public init(
        _ type: Value.Type = Value.self, headers: HTTPFields = HTTPFields(),
        write: @escaping @Sendable (JSONLineWriter<Value>) async throws -> Void
    ) {
        self.headers = headers
        self.write = write
    }

    /// A line for each value of a sequence.
    ///
    /// - Parameters:
    ///   - values: taken one by one, as the client takes them.
    ///   - headers: fields beside the response's own, or in their place.
    public init<Values: AsyncSequence & Sendable>(_ values: Values, headers: HTTPFields = HTTPFields())
    where Values.Element == Value {
        self.init(headers: headers) { lines in
            for try await value in values { try await lines.write(value) }
        }
    }

    public func response(
        for request: Request, context: Context, status: HTTPResponse.Status?
    ) -> Response {
        var response = Response(status: status ?? .ok, headers: [.contentType: "application/jsonl"])
        response.headers.replace(with: headers)
        response.body = ResponseBody { writer in try await write(JSONLineWriter(writer)) }
        return response
    }
}

/// The client's end of a body of JSON lines.
public struct JSONLineWriter<Value: SchemaRepresentable>: Sendable {
    private let writer: any ResponseWriter

    init(_ writer: any ResponseWriter) {
        self.writer = writer
    }

    /// Sends a line, and waits while the client is behind; throws `CancellationError` when it has gone.
    public func write(_ value: Value) async throws {
        try await writer.write(Value.schema.encode(value) + [UInt8(ascii: "\n")])
    }
}
