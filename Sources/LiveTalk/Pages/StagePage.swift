import Crane
import CraneSchema
import CraneTemplates

/// `/t/{slug}/stage`: the talk for a projector, or with `?overlay=1` over the picture of a stream.
struct StagePage: Sendable {
    /// What the whole picture is for.
    enum Layout: String, Sendable {
        /// The question that is on the stage.
        case now
        /// The three with most votes, and the latest one.
        case top
        /// How to join.
        case join
    }

    /// What the address asks for; what it says wrongly counts as left out.
    struct Wish: Sendable {
        let layout: Layout?
        let isLight: Bool
        let isOverlay: Bool

        static let input: Dependency<Wish> = Dependency(
            Query("layout", String?.self), Query("theme", String?.self), Query("overlay", String?.self)
        ) { layout, theme, overlay in
            Wish(
                layout: layout.flatMap { Layout(rawValue: $0) }, isLight: theme == "light",
                isOverlay: overlay == "1")
        }
    }

    let audience: AudiencePage
    let template: PageTemplate

    func register(in app: inout App) {
        app.get("/t/{slug}/stage", PageFrame.input, Path("slug", String.self), Wish.input) {
            [self] frame, slug, wish in
            guard let talk = try await audience.talks.talk(slug: slug) else {
                return try audience.notFound(frame)
            }
            let view = try await audience.room.view(
                of: talk, for: .audience, on: frame.context.loop, for: frame.context.client)
            let html = try await frame.context.blocking { [self] in try page(frame, view, wish) }
            return html.response(for: frame.request, context: frame.context, status: nil)
        }.hidden()
    }

    private func page(_ frame: PageFrame, _ view: RoomView, _ wish: Wish) throws -> HTML {
        let (talk, strings) = (view.talk, frame.strings)
        let open = view.comments.filter { $0.stage != .answered }
        let now = open.first { $0.stage == .now }
        let wanted = wish.layout ?? (now != nil ? .now : open.isEmpty ? .join : .top)
        // RoomView has those with most votes in their order behind the staged ones.
        let top = open.filter { $0.stage != .now }.sorted {
            ($0.isPinned ? 1 : 0, $0.votes, -$0.id) > ($1.isPinned ? 1 : 0, $1.votes, -$1.id)
        }
        // A list of nothing would be an empty picture.
        let layout = wanted == .top && top.isEmpty ? .now : wanted
        let rows: [JSONValue] = (0..<3).map { place in
            top.indices.contains(place) ? Self.row(top[place]) : ["text": .null, "votes": .null]
        }
        let host = frame.request.host ?? ""
        let path = "\(frame.context.rootPath)/t/\(talk.slug)"
        let address = "\(frame.context.scheme)://\(host)\(path)"
        let qr = QRCode(address)?.svg(label: strings.text("qr", ["address": host + path]))
        return try frame.page(
            template, title: talk.title, file: "stage", class: "stage",
            data: view.data(root: frame.context.rootPath),
            [
                .init("theme", .string(wish.isLight ? "light" : "dark")),
                .init("layout", .string(wish.isOverlay ? "now" : layout.rawValue)),
                .init("isOverlay", .bool(wish.isOverlay)), .init("heading", .string(talk.title)),
                .init("speaker", .string(talk.speaker ?? "")), .init("now", now.map(Self.row) ?? .null),
                .init("top", .array(rows)),
                .init("latest", view.comments.max { $0.id < $1.id }.map(Self.row) ?? .null),
                .init("host", .string(host)), .init("path", .string(path)), .init("qr", .string(qr ?? "")),
                .init("counts", .string(strings.counts(of: talk))),
                .init("keys", strings.keys(of: "stage")),
            ])
    }

    private static func row(_ comment: RoomComment) -> JSONValue {
        [
            "text": .string(comment.text), "votes": .string("\(comment.votes)"),
            "name": .string(comment.name ?? ""),
        ]
    }
}

extension PageStrings {
    /// How many comments everybody sees, wait and are hidden.
    func counts(of talk: Talk) -> String {
        [
            counted("questions", talk.comments), text("waiting_count", ["n": talk.waiting]),
            text("hidden_count", ["n": talk.hidden]),
        ].joined(separator: " · ")
    }

    /// The keys of a page and what they do: `stage_keys` has a text for each, its keys set apart by blanks.
    func keys(of page: String) -> JSONValue {
        guard case .object(let keys) = members["\(page)_keys"] else { return .array([]) }
        return .array(
            keys.map { key in
                let names = key.key.split(separator: " ").map { JSONValue.string(String($0)) }
                return ["keys": .array(names), "text": key.value]
            })
    }
}
