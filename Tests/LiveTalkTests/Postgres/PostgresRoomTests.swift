import Crane
import CranePasswords
import CranePostgres
import CraneSchema
import CraneTesting
import TestSupport
import Testing

@testable import LiveTalk

@Suite("The room on several nodes", .needsPostgres, .timeLimit(.minutes(5)))
struct PostgresRoomTests {
    /// Two nodes of one database, with a moderator.
    private final class Nodes: Sendable {
        let first: PostgresNode
        let second: PostgresNode
        let moderator = "Authorization: Bearer moderator-token"

        init() throws {
            let url = try PostgresServer.shared().database()
            first = try PostgresNode(url)
            second = try PostgresNode(url)
            let users = PostgresUserDirectory(
                session: try PostgresBlockingSession(PostgresConfiguration(url)))
            let ada = try #require(
                try users.add("ada", PasswordHash(text: "none"), isDemo: false, isModerator: true))
            try users.keepWaiting("moderator-token", of: ada, for: nil) {}
        }

        /// Does something as a moderator.
        @discardableResult
        func moderate(
            _ node: PostgresNode, _ method: String, _ target: String, _ json: String
        ) async throws -> Client.Answer {
            let answer = try await node.client.send(method, target, headers: [moderator], json: json)
            try #require(answer.status < 300, "\(answer)")
            return answer
        }

        func talk(_ members: String = "") async throws {
            try await moderate(first, "POST", "/talks/", #"{"slug":"swift","title":"T"\#(members)}"#)
        }

        /// What a node tells of a talk behind a number, as soon as there is something.
        func changes(_ node: PostgresNode, after: Int, _ query: String = "") async throws -> String {
            try await node.client.send(
                "GET", "/talks/1/changes?after=\(after)&wait=25\(query)", headers: [moderator]
            ).body
        }

        /// The log as a moderator's feed has it, from any node.
        func log(_ talk: Int = 1) async throws -> [Change] {
            try await first.database.query("SELECT * FROM change WHERE talk_id = \(talk) ORDER BY seq")
                .compactMap { try Change($0) }
        }
    }

    private static func voter(_ number: Int) -> Participant? {
        Participant(token: "voter-number-\(100_000 + number)")
    }

    @Test(
        "a vote, a post, a stage and a hidden comment of one node are told at the other, and the pages of both show them"
    )
    func live() async throws {
        let nodes = try Nodes()
        try await nodes.talk()
        let id = try await nodes.first.post("a secret question")
        #expect(try await nodes.changes(nodes.second, after: 1).contains("a secret question"))
        async let vote = nodes.changes(nodes.second, after: 2)
        let counted = try await nodes.first.client.send(
            "PUT", "/comments/\(id)/vote", headers: ["X-Voter-Token: voter-number-100001"])
        #expect(counted.body == #"{"votes":1}"#)
        #expect(try await vote.contains(#""seq":3,"prev":2,"kind":"voted""#))
        async let stage = nodes.changes(nodes.first, after: 3)
        try await nodes.moderate(nodes.second, "PUT", "/comments/\(id)/state", #"{"stage":"now"}"#)
        #expect(try await stage.contains(#""stage":"now""#))
        #expect(try await nodes.first.client.send("GET", "/t/swift/stage").body.contains("a secret question"))
        #expect(try await nodes.first.client.send("GET", "/t/swift").body.contains("a secret question"))
        async let hidden = nodes.changes(nodes.second, after: 4)
        try await nodes.moderate(nodes.first, "PUT", "/comments/\(id)/state", #"{"state":"hidden"}"#)
        #expect(try await hidden.contains(#""kind":"hidden""#))
        for node in [nodes.first, nodes.second] {
            #expect(try await nodes.changes(node, after: 4).contains(#""waiting":0,"hidden":1"#))
            // What was in memory of it is told nobody again.
            #expect(try await !nodes.changes(node, after: 1).contains("secret"))
            #expect(try await nodes.changes(node, after: 1, "&role=moderator").contains("secret"))
            #expect(try await !node.client.send("GET", "/t/swift").body.contains("secret"))
            #expect(try await node.client.send("GET", "/comments/\(id)").status == 404)
        }
        let page = try await nodes.second.client.send(
            "GET", "/t/swift/moderate",
            headers: ["Cookie: livetalk_session=moderator-token", "Sec-Fetch-Site: same-origin"])
        #expect(page.status == 200 && page.body.contains("a secret question"))
    }

    @Test(
        "what is done at both at once has one order, each talk's without gaps, and every number the one before it"
    )
    func order() async throws {
        let nodes = try Nodes()
        try await nodes.talk(#","moderation":"before""#)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<40 {
                group.addTask {
                    let (one, other) =
                        number % 2 == 0 ? (nodes.first, nodes.second) : (nodes.second, nodes.first)
                    let talk = number % 4 < 2 ? 1 : 7
                    let id = try await one.post("\(number)", talk: talk)
                    try await nodes.moderate(other, "PUT", "/comments/\(id)/state", #"{"state":"shown"}"#)
                    _ = try await other.client.send("PUT", "/comments/\(id)/vote")
                    if number % 3 == 0 {
                        try await nodes.moderate(one, "PUT", "/comments/\(id)/state", #"{"state":"hidden"}"#)
                    }
                }
            }
            try await group.waitForAll()
        }
        try await nodes.second.room.settleVotes(of: nil)
        for talk in [1, 7] {
            let log = try await nodes.log(talk)
            #expect(log.map(\.seq) == Array(1...log.count))
            var last = 0
            for change in log {
                #expect(change.prev == last)
                if change.isOpen { last = change.seq }
            }
            for node in [nodes.first, nodes.second] {
                for role in FeedRole.allCases {
                    let page = try await PostgresTalkHistory(database: node.database).page(
                        of: TalkTopic(talkID: talk, role: role), after: 0, limit: 1000, on: InProcessLoop())
                    #expect(page.events.map(\.previous) == [0] + page.events.map(\.sequence).dropLast())
                    #expect(page.newest == page.events.last?.sequence)
                }
            }
        }
        let talk = try #require(try await nodes.first.talks.talk(1))
        #expect(talk.comments + talk.waiting + talk.hidden == 20 && talk.waiting == 0)
    }

    @Test("votes of many at both are counted once each, and the log is told seldom and of the last")
    func votes() async throws {
        let nodes = try Nodes()
        let id = try await nodes.first.post("a")
        let loop = InProcessLoop()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<200 {
                group.addTask {
                    let room = number % 2 == 0 ? nodes.first.room : nodes.second.room
                    let voter = try #require(Self.voter(number % 150))
                    _ = try await room.setVote(true, for: id, by: voter, on: loop)
                    if number < 10 { _ = try await room.setVote(false, for: id, by: voter, on: loop) }
                }
            }
            try await group.waitForAll()
        }
        // Ten take theirs back, before or after they vote once more.
        let votes = try await nodes.first.room.comment(id)?.votes
        let kept = try await nodes.first.database.query("SELECT FROM vote").count
        #expect(votes == kept && (140...150).contains(kept))
        while try await !nodes.first.database.query("SELECT FROM standing WHERE votes <> logged_votes")
            .isEmpty
        {
            await Task.yield()
        }
        let told = try await nodes.log().count { $0.kind == .voted }
        #expect((1..<100).contains(told))
        #expect(try await nodes.changes(nodes.second, after: told).hasSuffix(#","id":1,"votes":\#(kept)}]"#))
    }

    @Test(
        "words that were set at one send a comment to the moderators at the other at once, and no more when they are gone"
    )
    func words() async throws {
        let nodes = try Nodes()
        try await nodes.talk()
        func waits(_ text: String) async throws -> Bool {
            let id = try await nodes.second.post(text)
            return try await nodes.first.client.send("GET", "/comments/\(id)").status == 404
        }
        #expect(try await !waits("spam"))
        try await nodes.moderate(nodes.first, "PUT", "/talks/1/words", #"{"words":["spam"]}"#)
        #expect(try await waits("spam"))
        try await nodes.moderate(nodes.first, "PUT", "/talks/1/words", #"{"words":["ham"]}"#)
        #expect(try await [!waits("spam"), waits("ham")] == [true, true])
        try await nodes.moderate(nodes.first, "DELETE", "/talks/1", "{}")
        #expect(try await !waits("ham"))
        try await nodes.moderate(nodes.first, "POST", "/talks/", #"{"id":1,"slug":"again","title":"T"}"#)
        #expect(try await !waits("ham"))
    }

    @Test("the log is told by another of the votes that a node which ended has kept from it")
    func settling() async throws {
        let nodes = try Nodes()
        let id = try await nodes.first.post("a")
        try await nodes.first.database.execute(
            "INSERT INTO standing (comment_id, talk_id, votes) VALUES (\(id), 1, 3)")
        async let told = nodes.changes(nodes.first, after: 1)
        try await nodes.second.room.settleVotes()
        try await nodes.second.room.settleVotes()
        #expect(try await told.hasSuffix(#","id":1,"votes":3}]"#))
        #expect(try await nodes.log().map(\.kind) == [.created, .voted])
    }

    @Test("the log loses the oldest by number and age, but never the newest")
    func trimming() async throws {
        try await withPostgres { database in
            func append(_ count: Int, to talk: Int, at second: Int) async throws {
                for _ in 0..<count {
                    try await database.execute([
                        PostgresChangeLog.lock,
                        PostgresChangeLog.entry(
                            .voted, of: 1, in: talk, at: Timestamp(microseconds: second * 1_000_000)),
                    ])
                }
            }
            func numbers(_ talk: Int) async throws -> [Int] {
                try await database.query("SELECT seq FROM change WHERE talk_id = \(talk) ORDER BY seq")
                    .map { try $0.int("seq") }
            }
            try await append(5, to: 1, at: 0)
            try await append(3, to: 2, at: 50)
            try await append(12, to: 3, at: 50)
            let trimming = PostgresLogTrimming(database, keeping: .seconds(100), newest: 10)
            trimming.note(
                try await database.query("SELECT * FROM change ORDER BY position").compactMap {
                    try Change($0)
                })
            try await trimming.trim(at: Timestamp(microseconds: 101_000_000))
            #expect(try await numbers(1) == [5])
            #expect(try await numbers(2) == [1, 2, 3])
            #expect(try await numbers(3) == Array(3...12))
            try await trimming.trim(at: Timestamp(microseconds: 200_000_000))
            #expect(try await [numbers(1), numbers(2), numbers(3)] == [[5], [3], [12]])
            try await append(1, to: 2, at: 200)
            #expect(try await numbers(2) == [3, 4])
        }
    }
}
