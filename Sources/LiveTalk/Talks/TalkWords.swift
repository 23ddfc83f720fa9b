import CraneSchema

/// The words of a talk that send a comment to the moderators.
struct TalkWords: Hashable, Sendable {
    let words: [String]
}

extension TalkWords: SchemaRepresentable {
    static let schema = Object(
        TalkWords.init, name: "TalkWords",
        description:
            "Words that send a comment to the moderators; one that ends in * stands for all that begin so"
    ) {
        Field(
            "words", \.words,
            .array(.string(maxLength: 50, pattern: "^[^\\s]+$"), maxItems: TalkRules.maximumWords))
    }
}
