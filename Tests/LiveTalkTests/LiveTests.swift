import Crane
import CraneSQLite
import CraneSchema
import CraneService
import CraneTesting
import Logging
import TestSupport
import Testing

@testable import LiveTalk

@Suite("The feed of a talk", .serialized)
struct LiveTests {
    /// The changes behind a position, as a long poll is told them.
    private func changes(_ room: Room, _ query: String, _ headers: [String] = []) async throws -> String {
        let answer = try await room.send("GET", "/talks/1/changes?\(query)", nil, headers)
        try #require(answer.status == 200, "\(answer)")
        return answer.body
    }

    @Test(
        "tells of each change behind a position, with the numbers before and no address",
        arguments: Room.Kind.all)
    func polling(_ kind: Room.Kind) async throws {
        let room = try Room(kind)
        try await room.post("one")
        try await room.post("two")
        let all = try await changes(room, "after=0&wait=0")
        #expect(all.hasPrefix(#"[{"seq":1,"prev":0,"kind":"created","at":""#))
        #expect(all.contains(#"{"seq":2,"prev":1,"kind":"created""#) && !all.contains("user_ip"))
        #expect(try await changes(room, "after=1&wait=0").hasPrefix(#"[{"seq":2,"#))
        #expect(try await changes(room, "after=2&wait=0") == "[]")
    }

    @Test(
        "tells those who wait as soon as a change is on the disk, the audience of what it may see",
        arguments: Room.Kind.all)
    func waiting(_ kind: Room.Kind) async throws {
        let room = try Room(kind)
        let id = try await room.post("secret")
        #expect(try await changes(room, "after=0&wait=0").contains("secret"))
        async let waiting = changes(room, "after=1&wait=25")
        try await room.moderate(id, #"{"state":"hidden"}"#)
        let told = try await waiting
        #expect(told.contains(#""seq":2,"prev":1,"kind":"hidden""#) && told.contains(#""id":\#(id)"#))
        #expect(try await !changes(room, "after=0&wait=0").contains("secret"), "nor is it told again")
        let moderators = try await changes(room, "after=0&wait=0&role=moderator", [room.moderator])
        #expect(moderators.contains("secret"))
        let refused = try await room.send("GET", "/talks/1/changes?role=moderator&wait=0")
        #expect(refused.status == 403)
    }

    @Test(
        "tells everybody how many comments wait and are hidden, also where nothing else is to be told",
        arguments: Room.Kind.all)
    func counts(_ kind: Room.Kind) async throws {
        let room = try Room(kind)
        try await room.talk("swift", #","moderation":"before""#)
        let held = try await room.post("first")
        /// So many changes behind a number, and all that are there with them.
        func audience(_ after: Int, _ count: Int = 1) async throws -> [String] {
            var (told, last): ([String], Int) = ([], after)
            while true {
                let wait = told.count < count ? 25 : 0
                let more = try await changes(room, "after=\(last)&wait=\(wait)").split(separator: "{\"seq\":")
                    .dropFirst().map(String.init)
                told += more
                guard wait > 0, let newest = more.last?.prefix(while: \.isNumber) else { return told }
                last = try #require(Int(newest))
            }
        }
        // The talk itself, then the comment that nobody sees, then how many wait.
        let posted = try await audience(1)
        #expect(posted.count == 1 && posted[0].hasPrefix("3,\"prev\":1,\"kind\":\"talk\""))
        #expect(posted[0].contains(#""comments":0,"waiting":1,"hidden":0"#))
        try await room.moderate(held, #"{"state":"hidden"}"#)
        let hidden = try await audience(3)
        #expect(hidden.count == 1 && hidden[0].contains(#""waiting":0,"hidden":1"#))
        try await room.moderate(held, #"{"state":"shown"}"#)
        let shown = try await audience(5, 2)
        #expect(shown.count == 2 && shown[0].contains("restored"))
        #expect(shown[1].contains(#""comments":1,"waiting":0,"hidden":0"#))
        // A vote and a stage change none of them; nor is there anything to count without a talk.
        try await room.moderate(held, #"{"stage":"now"}"#)
        #expect(try await audience(7).count == 1)
        let other = try await room.post("elsewhere", talk: 9)
        try await room.moderate(other, #"{"state":"hidden"}"#)
        #expect(try await room.kinds(9) == ["created \(other)", "hidden \(other)"])
    }

    @Test(
        "tells a text of more than 256 KiB as soon as any other, and the one before it nobody again",
        arguments: Room.Kind.all)
    func longText(_ kind: Room.Kind) async throws {
        let room = try Room(kind)
        let id = try await room.post("before")
        try await room.post("another")
        #expect(try await changes(room, "after=0&wait=0").contains("before"), "it is in memory from here on")
        let text = String(repeating: "long ", count: 60_000)
        async let waiting = changes(room, "after=2&wait=25")
        _ = try await room.send("PUT", "/comments/\(id)", #"{"comment_text":"\#(text)"}"#)
        let told = try await waiting
        #expect(told.hasPrefix(#"[{"seq":3,"prev":2,"kind":"updated""#) && told.contains(text))
        // Whoever resumes in the midst, and whoever reads all.
        for after in [0, 1] {
            let behind = try await changes(room, "after=\(after)&wait=0")
            #expect(!behind.contains("before") && behind.contains(#""seq":\#(after + 1),"#))
            #expect(behind.contains(after == 0 ? text : "another"))
        }
        // However long it was: what is hidden is told nobody again.
        try await room.moderate(id, #"{"state":"hidden"}"#)
        _ = try await changes(room, "after=3&wait=25")
        #expect(try await !changes(room, "after=0&wait=0").contains("long "))
    }
}
