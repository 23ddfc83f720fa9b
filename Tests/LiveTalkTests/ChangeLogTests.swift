import Crane
import CraneSQLite
import CraneSchema
import CraneService
import CraneTesting
import Foundation
import TestSupport
import Testing

@testable import LiveTalk

@Suite("The log of a talk", .serialized)
struct ChangeLogTests {
    @Test(
        "numbers every change without a gap, of those that many make at once too, and none that is refused",
        arguments: Room.Kind.all)
    func numbers(_ kind: Room.Kind) async throws {
        let room = try Room(kind)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<60 {
                group.addTask {
                    let id = try await room.post("\(number)", talk: number % 2)
                    let update = try await room.send("PUT", "/comments/\(id)", #"{"comment_text":"x"}"#)
                    // Refused in the middle of a batch: it takes no number.
                    let refused = try await room.send("DELETE", "/comments/\(id)", nil, [#"If-Match: "0""#])
                    #expect((update.status, refused.status) == (200, 412), "\(update) \(refused)")
                    guard number % 3 == 0 else { return }
                    let deletion = try await room.send("DELETE", "/comments/\(id)")
                    #expect(deletion.status == 200, "\(deletion)")
                }
            }
            try await group.waitForAll()
        }
        for talk in 0...1 {
            let log = try await room.log(talk)
            #expect(log.changes.map(\.change.seq) == Array(1...70))
            #expect(log.changes.map(\.change.prev) == Array(0...69))
            #expect((log.oldest, log.newest) == (0, 70))
            for id in Set(log.changes.compactMap(\.change.commentID)) {
                let kinds = log.changes.filter { $0.change.commentID == id }.map(\.change.kind)
                #expect(kinds == [.created, .updated] || kinds == [.created, .updated, .deleted])
            }
        }
    }

    @Test("has nothing of a change that changes nothing", arguments: Room.Kind.all)
    func unchanged(_ kind: Room.Kind) async throws {
        let room = try Room(kind)
        let id = try await room.post("a")
        _ = try await room.send("PUT", "/comments/\(id)", #"{"comment_text":"a"}"#)
        try await room.moderate(id, #"{"state":"shown","stage":"none","pinned":false}"#)
        _ = try await room.send("DELETE", "/comments/99")
        #expect(try await room.kinds() == ["created 1"])
        #expect(try await room.log(7).newest == 0)
    }

    @Test(
        "tells the audience of what it may see, with the number that came before there",
        arguments: Room.Kind.all)
    func roles(_ kind: Room.Kind) async throws {
        let room = try Room(kind)
        let talk = try await room.talk("a", #","moderation":"before""#)
        let first = try await room.post("secret", talk: talk)
        let second = try await room.post("fine", talk: talk)
        try await room.moderate(second, #"{"state":"shown"}"#)
        try await room.moderate(first, #"{"state":"hidden"}"#)
        try await room.moderate(second, #"{"stage":"now"}"#)
        #expect(
            try await room.kinds(talk) == [
                // Behind each that waits, is restored or hidden, the talk with its new numbers.
                "talk 0", "created \(first)", "talk 0", "created \(second)", "talk 0",
                "restored \(second)", "talk 0", "hidden \(first)", "talk 0", "stage \(second)",
            ])
        let audience = try await room.log(talk, for: .audience)
        #expect(audience.changes.map(\.change.seq) == [1, 3, 5, 6, 7, 9, 10])
        #expect(audience.changes.map(\.change.prev) == [0, 1, 3, 5, 6, 7, 9])
        #expect(!audience.changes.contains { $0.json.contains("secret") || $0.json.contains("user_ip") })
        #expect(audience.newest == 10)
        try await room.moderate(first, #"{"state":"waiting"}"#)
        #expect(try await room.log(talk, for: .audience, after: 10).changes.map(\.change.seq) == [12])
        #expect(try await room.log(talk, after: 10).changes.map(\.change.seq) == [11, 12])
    }

    @Test(
        "says what is true now: no text that was hidden, edited away or deleted since",
        arguments: Room.Kind.all)
    func replay(_ kind: Room.Kind) async throws {
        let room = try Room(kind)
        let ids = try await (room.post("first"), room.post("second"), room.post("third"))
        _ = try await room.send("PUT", "/comments/\(ids.0)", #"{"comment_text":"better"}"#)
        try await room.moderate(ids.1, #"{"state":"hidden"}"#)
        _ = try await room.send("DELETE", "/comments/\(ids.2)")
        let texts = try await room.log(for: .audience).changes.map(\.json)
        #expect(texts.count == 6)
        #expect(!texts.contains { $0.contains("first") || $0.contains("second") || $0.contains("third") })
        #expect(texts[0].hasPrefix(#"{"kind":"created","at":""#) && texts[0].contains("better"))
        #expect(texts[1].hasPrefix(#"{"kind":"hidden","at":""#) && texts[1].hasSuffix(#","id":2}"#))
        #expect(texts[2].hasPrefix(#"{"kind":"deleted","at":""#) && texts[2].hasSuffix(#","id":3}"#))
        #expect(try await room.log(for: .moderator).changes[1].json.contains("second"))
        let gone = ChangeText.again(texts[0], .hidden, .id(1))
        #expect(gone.hasPrefix(#"{"kind":"hidden","at":"2"#) && gone.hasSuffix(#"Z","id":1}"#))
        #expect(ChangeText.again(texts[1], nil, .id(2)) == texts[1])
    }

    @Test(
        "is read behind any number, a part at a time, and its newest where nobody says one",
        arguments: Room.Kind.all)
    func parts(_ kind: Room.Kind) async throws {
        let room = try Room(kind)
        for number in 1...5 { try await room.post("\(number)") }
        #expect(try await room.log(after: 3).changes.map(\.change.seq) == [4, 5])
        #expect(try await room.log(after: 1, limit: 2).changes.map(\.change.seq) == [2, 3])
        #expect(try await room.log(after: nil, limit: 2).changes.map(\.change.seq) == [4, 5])
        #expect(try await room.log(after: 5).changes.isEmpty)
    }

    @Test("loses the oldest by number and age, of silent talks too, but never the newest")
    func trimming() async throws {
        let database = try Database.testing()
        let log = ChangeLog(keeping: .seconds(100), newest: 1000)
        func append(_ count: Int, to talk: Int, at second: Int) throws {
            try database.transaction { connection in
                for _ in 0..<count {
                    try log.append(
                        .voted, of: 1, in: talk, at: Timestamp(microseconds: second * 1_000_000), connection)
                }
            }
        }
        func ends(_ talk: Int) throws -> [Int] {
            let page = try database.read { try ChangePage(of: talk, for: .moderator, after: 0, limit: 0, $0) }
            return [page.oldest, page.newest]
        }
        try append(300, to: 1, at: 0)
        try append(10, to: 2, at: 0)
        #expect(try ends(1) == [0, 300] && ends(2) == [0, 10])
        try append(256, to: 3, at: 100)
        #expect(try ends(1) == [0, 300], "they may be a hundred seconds old")
        // Each 256 changes look after one other talk.
        try append(1024, to: 3, at: 101)
        #expect(try ends(1) == [299, 300] && ends(2) == [9, 10] && ends(3) == [280, 1280])
        try append(2000, to: 3, at: 101)
        #expect(try ends(3) == [2072, 3280])
        #expect(try ends(1) == [299, 300])
        try append(1, to: 1, at: 500)
        #expect(try ends(1) == [299, 301])
        database.close()
    }

    @Test("begins anew after an import, a restore and in another file, and not after a start")
    func epochs() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        func path(_ name: String) -> String { folder.appending(path: name).path }
        func settings(_ name: String) -> Settings {
            var settings = Settings()
            settings.databaseURL = .file(path(name))
            return settings
        }
        /// Starts and ends the service.
        func epoch(_ name: String) throws -> String {
            try ServedTalk(settings(name), log: .standardError()).close()
            return try DatabaseMaintenance(settings(name)).withSnapshot { try $0.read(FeedEpoch.current) }
        }
        let first = try epoch("a.db")
        #expect(first.utf8.count == 8)
        #expect(try epoch("a.db") == first)
        try DatabaseMaintenance(settings("a.db")).backup(to: path("backup.db")) { _ in }
        try FileManager.default.copyItem(atPath: path("a.db"), toPath: path("b.db"))
        #expect(try epoch("b.db") != first)
        try DatabaseMaintenance(settings("a.db")).restore(from: path("backup.db"), replacing: true) { _ in }
        let restored = try epoch("a.db")
        #expect(restored != first)
        let line =
            #"{"id":5,"talk_id":1,"user_ip":"::1","comment_text":"x","created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-01T00:00:00Z"}"#
        try Data(line.utf8).write(to: URL(filePath: path("in.ndjson")))
        let care = try DatabaseMaintenance(settings("a.db"))
        #expect(try care.importComments(from: path("in.ndjson"), as: .ndjson) { _, _ in }.added == 1)
        let imported = try epoch("a.db")
        #expect(imported != restored)
        #expect(try care.importComments(from: path("in.ndjson"), as: .ndjson) { _, _ in }.known == 1)
        #expect(try epoch("a.db") == imported, "nothing was new")
    }

    @Test("is told at the next start of the votes that a crash has kept from it")
    func votesAfterACrash() async throws {
        let room = try Room()
        let id = try await room.post("a")
        try await room.database.write { connection in
            try Standing.add(3, to: id, in: 1, connection)
        }
        #expect(try await room.kinds() == ["created 1"])
        let store = SQLiteRoomStore(
            room.database, ChangeLog(), longReads: WorkQueue(places: 0..<1, waiting: 1))
        try store.settleVotes()
        try store.settleVotes()
        #expect(try await room.kinds() == ["created 1", "voted 1"])
        #expect(try await room.log().changes[1].json.hasSuffix(#","id":1,"votes":3}"#))
    }
}
