import Crane
import CraneSchema
import CraneTemplates

/// `/live`: the talks that are on, that come, and that were.
struct TalksPage: Sendable {
    /// So many talks stand on a page.
    static let length = 100
    /// A talk that began so long ago is over, even if nobody has closed it.
    private static let longest = Duration.seconds(12 * 3600)

    let talks: any TalkStore
    let template: PageTemplate

    func register(in app: inout App) {
        app.get("/live", PageFrame.input, Query("offset", .int(ge: 0), default: 0)) { [self] frame, offset in
            let talks = try await talks.talks(offset: offset, limit: Self.length + 1, state: nil)
            return try page(
                frame, Array(talks.prefix(Self.length)), offset, hasMore: talks.count > Self.length)
        }.hidden()
    }

    private func page(_ frame: PageFrame, _ talks: [Talk], _ offset: Int, hasMore: Bool) throws -> HTML {
        let now = Timestamp.now
        let isPast: (Talk) -> Bool = { talk in
            talk.state == .closed || talk.startsAt.map { $0 + Self.longest < now } ?? false
        }
        let open = talks.filter { !isPast($0) }
        let start: (Talk) -> Int = { $0.startsAt?.microseconds ?? 0 }
        let sections: [(String, [Talk])] = [
            ("talks_now", open.filter { start($0) <= now.microseconds }),
            ("talks_next", open.filter { start($0) > now.microseconds }.sorted { start($0) < start($1) }),
            ("talks_earlier", talks.filter(isPast)),
        ]
        let shown = sections.filter { !$0.1.isEmpty }.map { name, talks -> JSONValue in
            [
                "heading": .string(frame.strings.text(name)),
                "talks": .array(talks.map { row($0, isNow: name == "talks_now", frame) }),
            ]
        }
        let older = hasMore ? frame.address("/live", [("offset", "\(offset + Self.length)")]) : nil
        return try frame.page(
            template, title: frame.strings.text("talks"), file: "talks",
            [
                .init("sections", .array(shown)), .init("older", older.map { .string($0) } ?? .null),
                .init("languages", frame.languages(of: "/live")),
                .init("new", .string(frame.address(NewTalkPage.path))),
            ])
    }

    private func row(_ talk: Talk, isNow: Bool, _ frame: PageFrame) -> JSONValue {
        [
            "title": .string(talk.title), "speaker": talk.speaker.map { .string($0) } ?? .null,
            "address": .string(frame.address("/t/\(talk.slug)")), "isNow": .bool(isNow),
            "isClosed": .bool(talk.state == .closed),
            "questions": .string(frame.strings.counted("questions", talk.comments)),
            "startsAt": talk.startsAt.map { .string("\($0)") } ?? .null,
            "starts": talk.startsAt.map { .string(PageTime.clock($0)) } ?? .null,
        ]
    }
}
