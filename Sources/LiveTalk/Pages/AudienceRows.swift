import Crane
import CranePasswords
import CraneSchema

/// The audience's page in the words of its template.
struct AudienceRows {
    let frame: PageFrame
    let view: TalkView
    let state: AudienceState
    let editWindow: Duration
    private let now = Timestamp.now

    init(frame: PageFrame, view: TalkView, state: AudienceState, editWindow: Duration) {
        self.frame = frame
        self.view = view
        self.state = state
        self.editWindow = editWindow
    }

    private var strings: PageStrings { frame.strings }
    private var talk: Talk { view.talk }
    private var path: String { "/t/\(talk.slug)" }
    private var isOpen: Bool { talk.state == .open }

    /// The address of this page in another order, at another place or with a comment to change.
    private func address(_ more: (String, String)...) -> String {
        var query = more
        if state.query.order == .newest, !more.contains(where: { $0.0 == "sort" }) {
            query.insert(("sort", "newest"), at: 0)
        }
        return frame.address(path, query)
    }

    /// What the page's script is told.
    var data: [JSONValue.Member] {
        [
            .init("talk", .integer(talk.id)), .init("position", .string(view.position)),
            .init("root", .string(frame.context.rootPath)), .init("sort", .string(state.sort)),
            .init("isOpen", .bool(isOpen)), .init("isFirst", .bool(state.query.offset == 0)),
            .init("hasMore", .bool(view.hasMore)), .init("now", .integer(now.microseconds / 1000)),
            .init("editSeconds", .integer(editSeconds)), .init("hint", .string(hint)),
            .init(
                "counts",
                [
                    "shown": .integer(talk.comments), "waiting": .integer(talk.waiting),
                    "hidden": .integer(talk.hidden),
                ]),
        ]
    }

    private var editSeconds: Int { Int(editWindow / .seconds(1)) }

    private var hint: String {
        strings.text(
            talk.moderation == .before ? "hint_before" : "hint_after", ["n": max(1, editSeconds / 60)])
    }

    var values: [JSONValue.Member] {
        let rows = view.waiting.map { row($0, canVote: false) } + view.list.map { row($0) }
        let next = view.hasMore ? address(("offset", "\(state.query.offset + TalkView.Query.length)")) : nil
        let canPost = isOpen
        return [
            .init("heading", .string(talk.title)), .init("speaker", text(talk.speaker)),
            .init("startsAt", text(talk.startsAt.map { "\($0)" })),
            .init("starts", text(talk.startsAt.map { PageTime.clock($0) })),
            .init("isOpen", .bool(canPost)), .init("hint", .string(hint)),
            .init("post", .string(address())), .init("acts", .string(actsAddress)),
            .init("top", .string(frame.address(path))),
            .init("newest", .string(frame.address(path, [("sort", "newest")]))),
            .init("isTop", .bool(state.query.order != .newest)), .init("next", text(next)),
            .init("isLater", .bool(state.query.offset > 0)),
            .init("counts", .string(counts)), .init("onStage", view.now.map { row($0) } ?? .null),
            .init("rows", .array(rows)), .init("isEmpty", .bool(rows.isEmpty)),
            .init("blank", Self.blank), .init("key", .string(SecretToken.random())),
            .init("problem", text(state.problem.map { strings.text($0.text) })),
            .init("draft", text(state.edited == nil ? state.draft : nil)), .init("name", text(state.name)),
            .init("longestText", .integer(AudiencePage.longestText)),
            .init("longestName", .integer(AudiencePage.longestName)),
            .init("languages", frame.languages(of: path)),
        ]
    }

    /// Where the page's buttons send to.
    private var actsAddress: String {
        let query = state.query.order == .newest ? [("sort", "newest")] : []
        return frame.address(path + "/acts", query)
    }

    private var counts: String {
        [
            strings.counted("questions", talk.comments),
            strings.text("waiting_count", ["n": talk.waiting]),
            strings.text("hidden_count", ["n": talk.hidden]),
        ].map { $0.split(separator: " ").joined(separator: "\u{A0}") }.joined(separator: " · ")
    }

    private func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }

    private func row(_ row: TalkView.Row, canVote: Bool = true) -> JSONValue {
        let comment = row.comment
        let left = editSeconds - (now.microseconds - comment.createdAt.microseconds) / 1_000_000
        let canEdit = row.isOwn && left > 0
        let isEdited = canEdit && state.edited == comment.id
        let isAnswered = comment.stage == .answered
        let marks = marks(row)
        return [
            "id": .integer(comment.id), "text": .string(comment.text),
            "author": text(row.isOwn ? nil : comment.name),
            "at": .string("\(comment.createdAt)"),
            "ago": .string(PageTime.ago(comment.createdAt, now, strings)),
            "votes": .integer(comment.votes), "isVoted": .bool(row.isVoted),
            "act": .string(row.isVoted ? "unvote" : "vote"),
            "voteLabel": .string(strings.text("vote_label", ["n": comment.votes])),
            "cannotVote": .bool(!canVote || !isOpen || isAnswered),
            "mark": .string(marks.joined(separator: " · ")), "answer": text(comment.answer),
            "isOwn": .bool(row.isOwn), "isPinned": .bool(comment.isPinned),
            "stage": .string(comment.stage.rawValue),
            "canEdit": .bool(canEdit && !isEdited), "isEdited": .bool(isEdited),
            "edit": .string(address(("edit", "\(comment.id)")) + "#c\(comment.id)"),
            "back": .string(address() + "#c\(comment.id)"),
            "draft": .string(isEdited ? state.draft ?? comment.text : comment.text),
            "left": .string(PageTime.left(left, strings)),
            "class": .string((comment.state == .waiting ? " waiting" : "") + (isAnswered ? " answered" : "")),
        ]
    }

    private func marks(_ row: TalkView.Row) -> [String] {
        let comment = row.comment
        if comment.state == .waiting { return [strings.text("mark_waiting")] }
        switch comment.stage {
        case .answered: return [strings.text("mark_answered")]
        case .now: return row.isOwn ? [strings.text("mark_own")] : []
        case .none, .queued: break
        }
        var marks: [String] = []
        if row.isOwn { marks.append(strings.text("mark_own")) }
        if comment.isPinned { marks.append(strings.text("mark_pinned")) }
        if comment.stage == .queued { marks.append(strings.text("mark_queued")) }
        return marks
    }

    /// The row that the page's script makes others of: every part is there, and empty.
    private static let blank: JSONValue = [
        "id": "", "text": "", "author": "", "at": "", "ago": "", "votes": 0, "isVoted": false, "act": "vote",
        "voteLabel": "", "cannotVote": false, "mark": "", "answer": "", "isOwn": false, "isPinned": false,
        "stage": "none", "canEdit": true, "isEdited": false, "edit": "", "left": "", "class": "",
    ]
}
