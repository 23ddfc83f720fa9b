import CraneSchema

/// What a moderator sends to make a talk.
struct TalkCreate: Hashable, Sendable {
    /// A free `talk_id` of the comments, which become the talk's; `nil` for a new one.
    let id: Int?
    let slug: String
    let title: String
    let speaker: String?
    let startsAt: Timestamp?
    let moderation: Talk.Moderation
}

extension TalkCreate: SchemaRepresentable {
    static let schema = Object(TalkCreate.init, name: "TalkCreate", description: "Make a talk") {
        Field(
            "id", \.id, .optional(.int(in: 1...TalkCreate.highestID)), default: nil,
            description: "A talk_id that comments have already; a new one if left out")
        Field("slug", \.slug, slugSchema, description: "What stands in the talk's address")
        Field("title", \.title, titleSchema)
        Field("speaker", \.speaker, speakerSchema, default: nil)
        Field("starts_at", \.startsAt, default: nil)
        Field("moderation", \.moderation, default: .after)
    }

    /// Behind it there are ids left for talks without one, and JavaScript tells it apart from its neighbours.
    static let highestID = 1 << 52
    static let slugSchema = StringSchema.string(maxLength: 64, pattern: "^[a-z0-9]+(-[a-z0-9]+)*$")
    static let titleSchema = StringSchema.string(minLength: 1, maxLength: 200)
    static let speakerSchema = OptionalSchema<StringSchema>.optional(.string(minLength: 1, maxLength: 200))
}
