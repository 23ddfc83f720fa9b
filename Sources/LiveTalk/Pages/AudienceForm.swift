import Crane
import CraneSchema

/// What the audience's page sends: one of its acts, by the name of the button or the box.
struct AudienceForm: Sendable {
    enum Act: Sendable {
        case post(text: String)
        case edit(Int, text: String)
        case delete(Int)
        case vote(Int, isGiven: Bool)
    }

    let act: Act
    /// What the author wants to be called.
    let name: String?
    /// By which a form that is sent twice posts once.
    let key: String?

    /// The fields as they come; what is missing or too long throws `Problem`.
    static let input: Dependency<AudienceForm> = Dependency(
        Form("text", String?.self), Form("name", String?.self), Form("key", String?.self),
        Form("edit", Int?.self),
        Form("delete", Int?.self), Form("vote", Int?.self), Form("unvote", Int?.self)
    ) { text, name, key, edited, deleted, voted, unvoted in
        AudienceForm(
            act: act(trimmed(text ?? ""), edited, deleted, voted, unvoted),
            name: trimmed(name ?? "").isEmpty ? nil : trimmed(name ?? ""), key: key)
    }

    private static func act(
        _ text: String, _ edited: Int?, _ deleted: Int?, _ voted: Int?, _ unvoted: Int?
    ) -> Act {
        if let deleted { return .delete(deleted) }
        if let voted { return .vote(voted, isGiven: true) }
        if let unvoted { return .vote(unvoted, isGiven: false) }
        if let edited { return .edit(edited, text: text) }
        return .post(text: text)
    }

    /// Without blanks at both ends, and with the line ends that scripts count: forms send two characters for one.
    private static func trimmed(_ text: String) -> String {
        let scalars = text.unicodeScalars
        func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isWhitespace }
        guard let first = scalars.firstIndex(where: { !isBlank($0) }),
            let last = scalars.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return String(String.UnicodeScalarView(scalars[first...last].filter { $0 != "\r" }))
    }

    /// The text that the act comes with.
    var text: String? {
        switch act {
        case .post(let text), .edit(_, let text): text
        case .delete, .vote: nil
        }
    }
}
