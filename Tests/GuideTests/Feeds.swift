// The examples of Docs/Guide/Feeds.md.
import Crane
import CraneTesting
import Synchronization
import Testing

private struct Goal: SchemaRepresentable {
    let team: String
    let minute: Int
    static let schema = Object(Goal.init) {
        Field("team", \.team, .string(minLength: 1, maxLength: 40))
        Field("minute", \.minute, .int(in: 1...120))
    }
}

private final class Goals: FeedHistory {
    private let epoch = String(UInt32.random(in: 0 ... .max), radix: 16)
    private let games = Mutex<[Int: [FeedEvent<Int>]]>([:])

    func page(
        of game: Int, after position: Int?, limit: Int, on loop: any LoopServices
    ) async throws -> FeedPage<Int> {
        games.withLock { games in
            let goals = games[game] ?? []
            let first = position ?? max(0, goals.count - limit)
            return FeedPage(
                epoch: epoch, oldest: 0, newest: goals.count,
                events: Array(goals.dropFirst(first).prefix(limit)))
        }
    }

    func add(_ goal: Goal, in game: Int) -> FeedEvent<Int> {
        games.withLock { games in
            let last = games[game]?.count ?? 0
            let event = FeedEvent(topic: game, sequence: last + 1, previous: last, goal, key: "\(last + 1)")
            games[game, default: []].append(event)
            return event
        }
    }

    func take(_ number: Int, from game: Int) throws -> FeedEvent<Int> {
        try games.withLock { games in
            guard let goals = games[game], goals.indices.contains(number - 1) else {
                throw HTTPError(.notFound)
            }
            let gone = "{\"disallowed\":\(number)}"
            games[game]?[number - 1] = FeedEvent(
                topic: game, sequence: number, previous: number - 1, json: gone)
            let event = FeedEvent(
                topic: game, sequence: goals.count + 1, previous: goals.count, json: gone)
            games[game]?.append(event)
            return event
        }
    }
}

func scoresApp(_ options: FeedOptions = FeedOptions()) -> App {
    let goals = Goals()
    let scores = Feed(history: goals, options: options)
    var app = App(title: "Scores")
    app.post("/games/{game}/goals", Path("game", Int.self), Body(Goal.self)) { game, goal in
        scores.publish([goals.add(goal, in: game)])
        return goal
    }.status(.created)
    app.delete("/games/{game}/goals/{number}", Path("game", Int.self), Path("number", Int.self)) {
        game, number in
        let event = try goals.take(number, from: game)
        scores.redact("\(number)", in: game) { _ in event.json }
        scores.publish([event])
        return ["message": "Goal disallowed"]
    }
    app.webSocket("/games/{game}/live", Path("game", Int.self), feed: scores) { game in game }
    app.eventStream("/games/{game}/events", Path("game", Int.self), feed: scores) { game in game }
    app.longPoll("/games/{game}/changes", Path("game", Int.self), feed: scores) { game in game }
    return app
}

@Test("a fan who comes back hears of every goal")
func comesBack() async throws {
    var options = FeedOptions()
    options.beat = .seconds(3600)
    let client = TestClient(scoresApp(options))
    let fan = try await client.webSocket("/games/7/live")
    _ = try await fan.next()
    _ = try await client.post("/games/7/goals", json: #"{"team":"Cranes","minute":3}"#)
    #expect(try await fan.next() == .text(#"{"seq":1,"prev":0,"team":"Cranes","minute":3}"#))
    try await fan.close()
    _ = try await client.post("/games/7/goals", json: #"{"team":"Herons","minute":9}"#)
    let again = try await client.webSocket("/games/7/live?after=1")
    _ = try await again.next()
    #expect(try await again.next() == .text(#"{"seq":2,"prev":1,"team":"Herons","minute":9}"#))
}
