import Crane
import Synchronization

/// What was posted, in memory: the newest 1,000, as a table would have them.
final class Posts: FeedHistory {
    private let epoch = String(UInt32.random(in: 0 ... .max), radix: 16)
    private let kept = Mutex<(posts: [String], newest: Int)>(([], 0))

    func page(
        of topic: Int, after position: Int?, limit: Int, on loop: any LoopServices
    ) async throws -> FeedPage<Int> {
        kept.withLock { kept in
            let oldest = kept.newest - kept.posts.count
            let first = max(0, position.map { $0 - oldest } ?? kept.posts.count - limit)
            let posts = kept.posts.dropFirst(first).prefix(limit)
            return FeedPage(
                epoch: epoch, oldest: oldest, newest: kept.newest,
                events: posts.enumerated().map { Posts.event(oldest + first + $0.offset + 1, $0.element) })
        }
    }

    /// Keeps a post and tells of it, in one order.
    func add(_ post: String, to feed: Feed<Int>) {
        kept.withLock { kept in
            kept.newest += 1
            if kept.posts.count == 1000 { kept.posts.removeFirst() }
            kept.posts.append(post)
            feed.publish([Posts.event(kept.newest, post)])
        }
    }

    private static func event(_ number: Int, _ post: String) -> FeedEvent<Int> {
        FeedEvent(topic: 1, sequence: number, previous: number - 1, json: "{\"text\":\(post)}")
    }
}

let posts = Posts()
var options = FeedOptions()
options.subscriptionsAtOnce = 100_000
let feed = Feed(history: posts, options: options)
var app = App(title: "Fan-out")
// The body is a JSON string, as fanload quotes it.
app.post("/pub", RequestInput()) { request in
    posts.add(String(decoding: try await request.body.collect(upTo: 1 << 20), as: UTF8.self), to: feed)
    return ["ok": "true"]
}
app.webSocket("/ws", feed: feed) { 1 }
app.eventStream("/sse", feed: feed) { 1 }
app.get("/") { "\(feed.counters)" }
try await app.run(port: CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 9100)
