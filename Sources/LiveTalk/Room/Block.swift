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
struct Block: Hashable, Sendable {
    let until: Timestamp
}

extension Block: SchemaRepresentable {
    static let schema = Object(Block.init, name: "Block") {
        Field("until", \.until)
    }
}
