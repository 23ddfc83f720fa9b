import CraneSchema

/// A talk that people comment on, as everybody sees it.
struct Talk: Hashable, Sendable {
    /// Whether comments are taken.
    enum State: String, Sendable, CaseIterable, SchemaRepresentable {
        case open, closed

        static let schema = Choice<State>(name: "TalkState", description: "Whether comments are taken")
    }

    /// When moderators look at a comment: after everybody sees it, or before.
    enum Moderation: String, Sendable, CaseIterable, SchemaRepresentable {
        case after, before

        static let schema = Choice<Moderation>(
            name: "TalkModeration",
            description: "When moderators look at a comment: after everybody sees it, or before")
    }

    let id: Int
    /// What stands in its address.
    let slug: String
    let title: String
    let speaker: String?
    let startsAt: Timestamp?
    let state: State
    let moderation: Moderation
    /// Comments that everybody sees.
    let comments: Int
    /// Comments that wait for a moderator.
    let waiting: Int
    /// Comments that a moderator has hidden.
    let hidden: Int
    let createdAt: Timestamp
    let updatedAt: Timestamp
}

extension Talk: Record {
    static let schema = Object(Talk.init, name: "Talk", description: "A talk that people comment on") {
        Field("id", \.id)
        Field("slug", \.slug)
        Field("title", \.title)
        Field("speaker", \.speaker)
        Field("starts_at", \.startsAt)
        Field("state", \.state)
        Field("moderation", \.moderation)
        Field("comments", \.comments, default: 0, description: "Comments that everybody sees")
        Field("waiting", \.waiting, default: 0, description: "Comments that wait for a moderator")
        Field("hidden", \.hidden, default: 0, description: "Comments that a moderator has hidden")
        Field("created_at", \.createdAt)
        Field("updated_at", \.updatedAt)
    }

    static let table = Table<Talk>("talk", indexes: [TableIndex("idx_talk_slug", on: "slug", unique: true)])
}
