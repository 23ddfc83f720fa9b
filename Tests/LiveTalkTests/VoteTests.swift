import Crane
import CraneSQLite
import CraneSchema
import CraneService
import CraneTesting
import HTTPTypes
import TestSupport
import Testing

@testable import LiveTalk

@Suite("Votes", .serialized)
struct VoteTests {
    private func voter(_ number: Int) -> String { "X-Voter-Token: voter-number-\(100_000 + number)" }

    @Test("count once a participant, and are taken back", arguments: Room.Kind.all)
    func once(_ kind: Room.Kind) async throws {
        let room = try Room(kind)
        let id = try await room.post("a")
        func vote(_ method: String, _ number: Int) async throws -> String {
            try await room.send(method, "/comments/\(id)/vote", nil, [voter(number)]).body
        }
        #expect(try await vote("PUT", 1) == #"{"votes":1}"#)
        #expect(try await vote("PUT", 1) == #"{"votes":1}"#)
        #expect(try await vote("PUT", 2) == #"{"votes":2}"#)
        #expect(try await vote("DELETE", 1) == #"{"votes":1}"#)
        #expect(try await vote("DELETE", 1) == #"{"votes":1}"#)
        #expect(try await vote("DELETE", 3) == #"{"votes":1}"#)
        #expect(try await room.send("PUT", "/comments/9/vote", nil, [voter(1)]).status == 404)
        _ = try await room.send("DELETE", "/comments/\(id)")
        #expect(try await room.send("PUT", "/comments/\(id)/vote", nil, [voter(4)]).status == 404)
        #expect(try await room.count("vote", "standing") == 0)
    }

    @Test("of a browser are known by a cookie that it gets with the first", arguments: Room.Kind.all)
    func cookies(_ kind: Room.Kind) async throws {
        let room = try Room(kind)
        let id = try await room.post("a")
        let first = try await room.send("PUT", "/comments/\(id)/vote")
        let cookie = try #require(first.headers[.setCookie])
        #expect(cookie.hasPrefix("livetalk_voter=") && cookie.contains("; HttpOnly;"))
        #expect(cookie.contains("SameSite=lax") && !cookie.contains("Secure"))
        let sent = "Cookie: other=1; " + cookie.prefix { $0 != ";" }
        let again = try await room.send("PUT", "/comments/\(id)/vote", nil, [sent])
        #expect(again.body == #"{"votes":1}"# && again.headers[.setCookie] == nil)
        #expect(try await room.send("DELETE", "/comments/\(id)/vote", nil, [sent]).body == #"{"votes":0}"#)
        let short = try await room.send("PUT", "/comments/\(id)/vote", nil, ["Cookie: livetalk_voter=x"])
        #expect(short.headers[.setCookie] != nil, "too short to be somebody's alone")
    }

    @Test("that come at once are all counted, and the log is told once in a while and of the last")
    func coalesced() async throws {
        let room = try Room()
        let id = try await room.post("a")
        // For it no time goes by, so that only the pause's end tells the log more.
        let store = SQLiteRoomStore(
            room.database, ChangeLog(), longReads: WorkQueue(places: 0..<1, waiting: 1),
            now: { Timestamp(microseconds: 1_000_000_000) })
        let loop = InProcessLoop()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<50 {
                group.addTask {
                    let participant = try #require(Participant(token: "voter-number-\(100_000 + number)"))
                    _ = try await store.setVote(true, for: id, by: participant, on: loop)
                }
            }
            try await group.waitForAll()
        }
        #expect(try store.comment(id)?.votes == 50)
        // The pause ends by itself.
        while try !room.database.read({ try Standing.unlogged($0).isEmpty }) { await Task.yield() }
        #expect(try await room.log().changes.last?.json.hasSuffix(#","id":1,"votes":50}"#) == true)
        let logged = try await room.kinds().filter { $0 == "voted \(id)" }.count
        #expect((2..<50).contains(logged))
    }

    @Test("make an order, in which lists go on page after page", arguments: Room.Kind.all)
    func order(_ kind: Room.Kind) async throws {
        let room = try Room(kind)
        for number in 1...5 { try await room.post("\(number)", talk: number == 5 ? 2 : 1) }
        for (id, votes) in [(3, 2), (4, 1), (5, 3), (2, 1)] {
            for number in 0..<votes {
                _ = try await room.send("PUT", "/comments/\(id)/vote", nil, [voter(number)])
            }
        }
        func ids(_ target: String) async throws -> [Int] {
            let answer = try await room.send("GET", target)
            return answer.body.matches(of: /"id":(\d+)/).compactMap { Int($0.1) }
        }
        #expect(try await ids("/comments/?talk_id=1&sort=top") == [3, 2, 4, 1])
        #expect(try await ids("/comments/?sort=top&user_ip=::1") == [5, 3, 2, 4, 1])
        #expect(try await ids("/comments/?talk_id=1&sort=newest") == [4, 3, 2, 1])
        #expect(try await ids("/comments/?talk_id=1&sort=id") == [1, 2, 3, 4])
        #expect(try await ids("/talks/1/comments?sort=top&offset=1&limit=2") == [2, 4])
        #expect(try await ids("/talks/1/comments?sort=newest&limit=2") == [4, 3])
        for order in ["top", "newest"] {
            var target = "/comments/?talk_id=1&sort=\(order)&limit=3"
            var pages: [[Int]] = []
            while true {
                let answer = try await room.send("GET", target)
                pages.append(answer.body.matches(of: /"id":(\d+)/).compactMap { Int($0.1) })
                guard let link = answer.headers[.link] else { break }
                target = String(link.dropFirst().prefix { $0 != ">" })
            }
            #expect(pages == (order == "top" ? [[3, 2, 4], [1]] : [[4, 3, 2], [1]]))
        }
        let wrong = try await room.send("GET", "/comments/?sort=x")
        #expect(wrong.status == 422 && wrong.body.contains("'id', 'newest' or 'top'"))
    }

    @Test("go on over long texts in every order", arguments: Room.Kind.all)
    func longTexts(_ kind: Room.Kind) async throws {
        let room = try Room(kind)
        let text = String(repeating: "y", count: CommentQuery.heldBytes / 2)
        for _ in 1...5 { try await room.post(text) }
        for order in ["top", "newest", "id"] {
            let answer = try await room.send("GET", "/comments/?talk_id=1&sort=\(order)&limit=4")
            let ids = try [LiveTalk.Comment].schema.decode(Array(answer.body.utf8)).map(\.id)
            #expect(ids == (order == "newest" ? [5, 4, 3, 2] : [1, 2, 3, 4]))
        }
    }

    @Test("and posts have a rate for each participant and each network", arguments: Room.Kind.all)
    func rates(_ kind: Room.Kind) async throws {
        let room = try Room(kind) {
            $0.participantRate = RateRule(count: 2, seconds: 3600)
            $0.networkRate = RateRule(count: 4, seconds: 3600)
        }
        var client = room.client
        client.peer = PeerAddress(ip: IPAddress("192.0.2.7"), port: 1)
        let id = try await room.post("a")
        func vote(_ number: Int) async throws -> Int {
            try await client.send("PUT", "/comments/\(id)/vote", headers: [voter(number)]).status
        }
        #expect(try await [vote(1), vote(1), vote(1)] == [200, 200, 429])
        #expect(try await vote(2) == 200)
        client.peer = PeerAddress(ip: IPAddress("192.0.2.200"), port: 1)
        let refused = try await client.send("PUT", "/comments/\(id)/vote", headers: [voter(3)])
        #expect((refused.status, refused.body) == (429, #"{"detail":"Rate limit exceeded"}"#))
        #expect(refused.headers[.retryAfter] != nil)
        let body = #"{"talk_id":1,"user_ip":"::1","comment_text":"b"}"#
        #expect(try await client.send("POST", "/comments/", json: body).status == 429)
        client.peer = PeerAddress(ip: IPAddress("192.0.3.7"), port: 1)
        #expect(try await client.send("POST", "/comments/", json: body).status == 200)
    }
}
