import Crane
import CraneSchema
import HTTPTypes

/// The routes under `/talks` that are about talks themselves.
struct TalkRoutes: Sendable {
    let talks: any TalkStore
    let moderator: Dependency<User>

    private let id = Path("talk_id", Int.self)
    private static let missing = "Talk not found"

    private var notFound: HTTPError { HTTPError(.notFound, Self.missing) }

    func register(in app: inout App) {
        registerReads(in: &app)
        registerWrites(in: &app)
        registerWords(in: &app)
    }

    private func registerReads(in app: inout App) {
        app.get(
            "/talks/", Query("offset", .int(ge: 0), default: 0),
            Query("limit", .int(in: 1...100), default: 100), Query("state", Talk.State?.self)
        ) { [talks] offset, limit, state in
            try await talks.talks(offset: offset, limit: limit, state: state)
        }
        .name("read_talks").description("Read all talks, the latest first.").tags("talks")
        app.get("/talks/{talk_id}", id) { [talks, notFound] id in
            guard let talk = try await talks.talk(id) else { throw notFound }
            return talk
        }
        .name("read_talk").description("Read a talk by ID.").tags("talks")
        .responds(.notFound, Self.missing)
    }

    private func registerWrites(in app: inout App) {
        app.post("/talks/", moderator, Body(TalkCreate.self)) { [talks] _, new in
            try await talks.add(new)
        }
        .status(.created).name("create_talk").description("Make a talk; for moderators.").tags("talks")
        .responds(.conflict, "The slug or the id is taken").refusesOthers()
        app.put("/talks/{talk_id}", id, moderator, Body(TalkUpdate.self)) { [talks, notFound] id, _, update in
            guard let talk = try await talks.update(id, update) else { throw notFound }
            return talk
        }
        .name("update_talk").description("Change a talk; for moderators.").tags("talks")
        .responds(.notFound, Self.missing).responds(.conflict, "The slug is taken").refusesOthers()
        app.delete("/talks/{talk_id}", id, moderator) { [talks, notFound] id, _ in
            guard try await talks.delete(id) else { throw notFound }
            return Message(message: "Talk deleted")
        }
        .name("delete_talk")
        .description("Delete a talk, whose comments stay; for moderators.").tags("talks")
        .responds(.notFound, Self.missing).refusesOthers()
    }

    private func registerWords(in app: inout App) {
        app.get("/talks/{talk_id}/words", id, moderator) { [talks, notFound] id, _ in
            guard let words = try await talks.words(of: id) else { throw notFound }
            return words
        }
        .name("read_talk_words").description("Read the talk's blocked words; for moderators.").tags("talks")
        .responds(.notFound, Self.missing).refusesOthers()
        app.put("/talks/{talk_id}/words", id, moderator, Body(TalkWords.self)) {
            [talks, notFound] id, _, words in
            guard let words = try await talks.setWords(words, of: id) else { throw notFound }
            return words
        }
        .name("update_talk_words")
        .description("Set the words that send a comment to the moderators; for moderators.").tags("talks")
        .responds(.notFound, Self.missing).refusesOthers()
    }
}

extension Route {
    /// What OpenAPI says of a route that is for moderators only.
    @discardableResult
    func refusesOthers() -> Route {
        responds(.unauthorized, "Invalid token").responds(.forbidden, "Not authenticated, or no moderator")
    }
}
