import CraneSchema

/// What a moderator sends to change a talk; what is left out stays as it is.
struct TalkUpdate: Hashable, Sendable {
    let slug: String?
    let title: String?
    let speaker: String?
    let startsAt: Timestamp?
    let state: Talk.State?
    let moderation: Talk.Moderation?
}

extension TalkUpdate: SchemaRepresentable {
    static let schema = Object(
        TalkUpdate.init, name: "TalkUpdate", description: "Change a talk; what is left out stays as it is"
    ) {
        Field("slug", \.slug, .optional(TalkCreate.slugSchema), default: nil)
        Field("title", \.title, .optional(TalkCreate.titleSchema), default: nil)
        Field("speaker", \.speaker, TalkCreate.speakerSchema, default: nil)
        Field("starts_at", \.startsAt, default: nil)
        Field("state", \.state, default: nil)
        Field("moderation", \.moderation, default: nil)
    }
}
