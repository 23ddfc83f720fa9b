import CraneService
import TestSupport
import Testing

@testable import LiveTalk

@Suite("The stage's page", .serialized)
struct StagePageTests {
    private func room(_ kind: Room.Kind = .sqlite) async throws -> Room {
        let room = try Room(kind)
        try await room.talk("swift", #","speaker":"Ida <b>""#)
        return room
    }

    private func look(at room: Room, _ query: String = "") async throws -> String {
        let answer = try await room.send("GET", "/t/swift/stage\(query)")
        #expect(answer.status == 200)
        return answer.body
    }

    /// The texts of the rows, empty ones left out.
    private func rows(_ page: String) -> [String] {
        page.matches(of: /<p class="text" dir="auto">([^<]*)<\/p><\/li>/).map { String($0.1) }.filter {
            !$0.isEmpty
        }
    }

    @Test("is not there for a talk that is not", arguments: Room.Kind.all)
    func missing(_ kind: Room.Kind) async throws {
        #expect(try await room(kind).send("GET", "/t/none/stage").status == 404)
    }

    @Test(
        "shows without a script what is on the stage, the three with most votes and the latest, and comes anew",
        arguments: Room.Kind.all)
    func contents(_ kind: Room.Kind) async throws {
        let room = try await room(kind)
        let ids = try await (
            room.post("one"), room.post("two <i>"), room.post("three"), room.post("four"), room.post("five")
        )
        for (id, votes) in [(ids.1, 3), (ids.3, 2), (ids.2, 1)] {
            for voter in 0..<votes {
                _ = try await room.send(
                    "PUT", "/comments/\(id)/vote", nil, ["X-Voter-Token: voter-number-\(id)-\(voter)"])
            }
        }
        #expect(try await look(at: room).contains(#"data-layout="top""#))
        try await room.moderate(ids.0, #"{"stage":"now"}"#)
        try await room.moderate(ids.2, #"{"stage":"answered"}"#)
        let page = try await look(at: room)
        #expect(page.contains(#"data-theme="dark" data-layout="now""#))
        #expect(page.contains(#"<h2 class="text">one</h2>"#))
        #expect(rows(page) == ["two &lt;i&gt;", "four", "five"])
        #expect(page.contains(#"<h2>Just asked</h2><p class="text" dir="auto">five</p>"#))
        #expect(page.contains(#"<noscript><meta http-equiv="refresh" content="5"></noscript>"#))
        #expect(page.contains("Ida &lt;b&gt;") && page.contains("5 questions · 0 waiting · 0 hidden"))
        // The script goes on from the moment of the lists.
        let position = try #require(page.firstMatch(of: /"position":"([0-9a-f]{8}-\d+)"/)).1
        let behind = try await room.send("GET", "/talks/1/changes?after=\(position)&limit=1")
        #expect(behind.body.matches(of: /"seq"/).isEmpty)
    }

    @Test("takes its layout, its light and the stream's overlay from the address", arguments: Room.Kind.all)
    func wishes(_ kind: Room.Kind) async throws {
        let room = try await room(kind)
        #expect(try await look(at: room).contains(#"data-layout="join""#))
        #expect(try await look(at: room, "?layout=top").contains(#"data-layout="now""#))
        try await room.post("one")
        let page = try await look(at: room, "?layout=join&theme=light&lang=de")
        #expect(
            page.contains(#"data-theme="light" data-layout="join""#) && page.contains("Fragen und abstimmen"))
        #expect(
            try await look(at: room, "?layout=x&theme=%22").contains(#"data-theme="dark" data-layout="top""#)
        )
        #expect(try await look(at: room, "?overlay=1").contains(#"data-layout="now" class="over""#))
    }

    @Test("says by letters and as a QR code how to join", arguments: Room.Kind.all)
    func joining(_ kind: Room.Kind) async throws {
        let room = try await room(kind)
        let page = try await look(at: room)
        #expect(page.contains(#"<p class="addr">testserver<br>/t/swift</p>"#))
        let code = try #require(QRCode("http://testserver/t/swift"))
        let picture = code.svg(label: "QR code of testserver/t/swift")
        #expect(page.ranges(of: picture).count == 2)
        let below = try Room(kind) { $0.rootPath = "/app" }
        try await below.talk("swift")
        #expect(try await look(at: below).contains(#"<br>/app/t/swift</p>"#))
    }

    @Test("holds at a long text and many comments", arguments: Room.Kind.all)
    func bounds(_ kind: Room.Kind) async throws {
        let room = try await room(kind)
        for number in 0..<130 { try await room.post("n\(number)") }
        let long = try await room.post(String(repeating: "long ", count: 4000))
        try await room.moderate(long, #"{"stage":"now"}"#)
        let page = try await look(at: room)
        #expect(page.utf8.count < 100_000)
        // What is on the stage, a hundred with most votes, and the newest twenty, of which it is one.
        #expect(page.matches(of: /"talk_id":1,/).count == 1 + 100 + 19)
    }
}
