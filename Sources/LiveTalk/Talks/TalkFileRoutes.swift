import Crane
import CraneSchema
import HTTPTypes

/// A talk as a file: all that is kept of its comments for moderators, and the newest of them as a feed of Atom for everybody.
struct TalkFileRoutes: Sendable {
    let talks: any TalkStore
    let room: any RoomStore
    let seal: CommentTokenSigner
    let moderator: Dependency<User>

    private let id = Path("talk_id", Int.self)

    func register(in app: inout App) {
        app.get(
            "/talks/{talk_id}/export", id, moderator,
            Query("format", TransferFormat.schema, default: .ndjson), ContextInput()
        ) { [self] id, _, format, context in try await export(id, format, context) }
        .name("export_talk")
        .description(
            """
            All comments of a talk by ID, those that wait or are hidden too, with addresses, votes, states and answers; for \
            moderators. The command import takes the file.
            """
        )
        .tags("talks").returns("application/x-ndjson").refusesOthers()
        app.get("/talks/{talk_id}/feed.atom", id, RequestInput(), ContextInput()) {
            [self] id, request, context in try await atom(id, request, context)
        }
        .name("read_talk_atom").description("Read the newest comments of a talk as a feed of Atom.").tags(
            "talks"
        )
        .returns("application/atom+xml").responds(.notFound, "Talk not found")
    }

    private func export(_ id: Int, _ format: TransferFormat, _ context: Context) async throws -> Response {
        let (loop, client) = (context.loop, context.client)
        let first = try await room.export(id, after: .min, as: format, on: loop, for: client)
        let body = ResponseBody(length: nil, holding: first.bytes.count) { [room] writer in
            var part = first
            part.bytes = format.head(of: RoomRecord.self) + part.bytes
            while true {
                if !part.bytes.isEmpty { try await LongBody.write(part.bytes[...], to: writer, on: loop) }
                guard let last = part.last else { return }
                part = try await LongBody.part(on: loop) {
                    try await room.export(id, after: last, as: format, on: loop, for: client)
                }
            }
        }
        // A slug has letters, digits and hyphens.
        let name = "\(try await talks.talk(id)?.slug ?? "talk-\(id)").\(format.rawValue)"
        return Response(
            headers: [
                .contentType: format.mediaType, .contentDisposition: "attachment; filename=\"\(name)\"",
                .cacheControl: "no-store",
            ], body: body)
    }

    private func atom(_ id: Int, _ request: Request, _ context: Context) async throws -> Response {
        let tag = try await room.atomTag(of: id)
        let headers: HTTPFields = [.eTag: tag, .cacheControl: "no-cache"]
        switch Preconditions(request).verdict(on: tag) {
        case .proceed: break
        case .notModified: return Response(status: .notModified, headers: headers)
        case .failed: throw HTTPError(.preconditionFailed)
        }
        let path = context.rootPath + "/talks/\(id)/feed.atom"
        let xml = try await room.atom(of: id, at: path, seal, on: context.loop, for: context.client)
        guard let xml else { throw HTTPError(.notFound, "Talk not found") }
        var response = Response(headers: headers, body: LongBody.body(xml, on: context.loop))
        response.headers[.contentType] = AtomFeed.mediaType
        return response
    }
}
