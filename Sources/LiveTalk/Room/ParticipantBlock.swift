import CraneSchema

/// For how long somebody is shut out, as a moderator sends it.
struct BlockCreate: Hashable, Sendable {
    let seconds: Int
}

extension BlockCreate: SchemaRepresentable {
    static let schema = Object(
        BlockCreate.init, name: "BlockCreate", description: "Block whoever wrote a comment for a time"
    ) {
        Field("seconds", \.seconds, .int(in: 1...30 * 86_400), default: 600)
    }
}

/// Until when somebody is shut out.
struct ParticipantBlock: Hashable, Sendable {
    let until: Timestamp
}

extension ParticipantBlock: SchemaRepresentable {
    static let schema = Object(ParticipantBlock.init, name: "Block") {
        Field("until", \.until)
    }
}
