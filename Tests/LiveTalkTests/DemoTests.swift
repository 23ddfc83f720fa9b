import Crane
import CraneSQLite
import CraneSchema
import Testing

@testable import LiveTalk

@Suite("The demo's room")
struct DemoTests {
    private let database: Database

    init() throws {
        database = try Database(Database.Configuration(.memory))
        try database.migrate(Migration.all)
    }

    private func room(seed: UInt64) async throws -> DemoRoom {
        var room = DemoRoom(database, ChangeLog(), seed: seed)
        try await room.open()
        return room
    }

    /// What has happened in the talk so far, without times.
    private func log() throws -> [String] {
        let talk = try talk()
        let page = try database.read { connection in
            try ChangePage(of: talk.id, for: .moderator, after: nil, limit: 100_000, connection)
        }
        return page.changes.map { "\($0.change.kind) \($0.change.commentID ?? 0)" }
    }

    private func talk() throws -> Talk {
        try #require(
            try SQLiteTalkStore(database, ChangeLog()).talks(offset: 0, limit: 9, state: nil).first {
                $0.slug == "demo"
            })
    }

    private func comments(_ state: CommentState) throws -> [RoomComment] {
        let query = RoomQuery(talkID: try talk().id, state: state, order: .top)
        return try database.read { try query.select($0).rows(RoomComment.self) }
    }

    @Test("has a past: comments in several scripts with votes, answers, and one on the stage")
    func past() async throws {
        _ = try await room(seed: 1)
        let shown = try comments(.shown)
        #expect(shown.count == 12 && shown.contains { $0.votes > 10 })
        #expect(shown.count { $0.stage == .now } == 1 && shown.count { $0.stage == .queued } == 1)
        #expect(shown.contains { $0.stage == .answered && $0.answer != nil })
        #expect(shown.allSatisfy { $0.createdAt < .now })
        #expect(Set(try comments(.waiting).map(\.text)).count == 2)
        let talk = try talk()
        #expect((talk.comments, talk.waiting, talk.hidden) == (12, 2, 0))
        let all = DemoText.all.map(\.text).joined()
        for scripts in [0x0590...0x05FF, 0x0600...0x06FF, 0x0400...0x04FF, 0x4E00...0x9FFF, 0xAC00...0xD7A3] {
            #expect(all.unicodeScalars.contains { scripts.contains(Int($0.value)) })
        }
        #expect(Set(DemoText.all.map(\.text)).count == DemoText.all.count)
    }

    @Test("does the same things for the same seed, and others for another")
    func seeds() async throws {
        var logs: [[String]] = []
        for seed: UInt64 in [7, 7, 8] {
            let tests = try DemoTests()
            var room = try await tests.room(seed: seed)
            for _ in 0..<120 { try await room.step() }
            logs.append(try tests.log())
        }
        #expect(logs[0] == logs[1] && logs[0] != logs[2])
        #expect(logs[0].count > 200)
    }

    @Test("goes on for as long as one likes, and the talk stays of a size")
    func length() async throws {
        var room = try await room(seed: 3)
        var onStage = Set<Int>()
        for _ in 0..<1200 {
            try await room.step()
            onStage.formUnion(try comments(.shown).filter { $0.stage == .now }.map(\.id))
        }
        let talk = try talk()
        #expect(talk.comments + talk.waiting + talk.hidden <= DemoText.all.count)
        #expect(onStage.count > 10)
        let unwanted = Set(DemoText.all.filter(\.isUnwanted).map(\.text))
        #expect(try comments(.shown).allSatisfy { !unwanted.contains($0.text) })
        #expect((1...3).contains(try comments(.waiting).count))
    }

    @Test("bears with what others do in its talk")
    func others() async throws {
        var room = try await room(seed: 1)
        let store = SQLiteCommentStore(database)
        for comment in try comments(.shown) { _ = try await store.delete(comment.id) }
        for _ in 0..<60 { try await room.step() }
        #expect(try !comments(.shown).isEmpty)
        let talks = SQLiteTalkStore(database, ChangeLog())
        let closing = TalkUpdate(
            slug: nil, title: nil, speaker: nil, startsAt: nil, state: .closed, moderation: nil)
        _ = try await talks.update(try talk().id, closing)
        func total() throws -> Int {
            let talk = try talk()
            return talk.comments + talk.waiting + talk.hidden
        }
        let before = try total()
        var refusals = 0
        for _ in 0..<12 {
            do { try await room.step() } catch is TalkConflict { refusals += 1 }
        }
        #expect(try refusals > 0 && total() == before)
    }
}
