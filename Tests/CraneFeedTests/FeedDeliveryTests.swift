import CraneHTTP
import Testing

@testable import Crane

@Suite("A feed's deliveries")
struct FeedDeliveryTests {
    @Test("begin with where the feed stands, then bring what happens, each change once and in order")
    func live() async throws {
        let stand = FeedStand()
        stand.log.write(3)
        let peer = await stand.subscribe()
        #expect(try peer.messages() == [#"{"epoch":"e1","from":3,"head":3}"#])
        await stand.happen()
        await stand.happen(2)
        #expect(try peer.messages() == [4, 5, 6].map(message))
        #expect(stand.log.pages == ["a - 100"])
    }

    @Test("are those of the subscriber's topic alone")
    func topics() async throws {
        let stand = FeedStand()
        let (one, other) = (await stand.subscribe(), await stand.subscribe(topic: "b"))
        _ = try (one.messages(), other.messages())
        await stand.happen(in: "b")
        #expect(try one.messages() == [])
        #expect(try other.messages() == [message(1)])
    }

    @Test("go to a slice of subscribers a turn, and what happens meanwhile leaves with the next pass")
    func slices() async throws {
        let stand = FeedStand()
        var peers: [Peer] = []
        for _ in 0..<1000 { peers.append(stand.begin()) }
        await stand.loop.settle()
        for peer in peers { _ = peer.takeBytes() }
        stand.feed.publish(stand.log.write())
        stand.loop.turn()
        #expect(peers.filter { $0.sends > 0 }.isEmpty)
        for turn in 1...2 {
            stand.loop.turn()
            #expect(peers.filter { $0.sends > 0 }.count == FeedHub.slice * turn)
        }
        stand.feed.publish(stand.log.write(2))
        await stand.loop.settle()
        // The third slice came before them.
        let early = 3 * FeedHub.slice
        #expect(peers.filter { $0.sends == 2 }.count == early)
        #expect(peers.filter { $0.sends == 1 }.count == 1000 - early)
        for peer in peers { #expect(try peer.messages() == [1, 2, 3].map(message)) }
        #expect(stand.feed.counters.deliveries == 3000)
    }

    @Test("miss nobody when others leave during a pass")
    func leaving() async throws {
        let stand = FeedStand()
        var peers: [Peer] = []
        for _ in 0..<600 { peers.append(stand.begin()) }
        await stand.loop.settle()
        for peer in peers { _ = peer.takeBytes() }
        stand.feed.publish(stand.log.write())
        stand.loop.turn()
        stand.loop.turn()
        // Those that were served already go, and others take their places.
        for peer in peers where peer.sends > 0 { peer.end() }
        await stand.loop.settle()
        for peer in peers where !peer.isClosed { #expect(try peer.messages() == [message(1)]) }
        #expect(stand.feed.counters.subscribers == 600 - FeedHub.slice)
    }

    @Test("are made up to a socket that takes nothing once it drains, in one write, and hold up nobody")
    func blocked() async throws {
        let stand = FeedStand()
        let (slow, quick) = (await stand.subscribe(), await stand.subscribe())
        _ = (slow.takeBytes(), quick.takeBytes())
        slow.limit(to: 10)
        for _ in 0..<5 { await stand.happen() }
        #expect(try quick.messages() == (1...5).map(message))
        #expect(slow.sends == 1)
        slow.drain()
        #expect(slow.sends == 2)
        #expect(try slow.messages() == (1...5).map(message))
    }

    @Test("end in the midst of several events at any of them, and go on behind it", arguments: 0..<6)
    func partial(cut: Int) async throws {
        let stand = FeedStand()
        let peer = await stand.subscribe()
        _ = peer.takeBytes()
        peer.limit(to: cut * (message(1).utf8.count + 2) + 1)
        await stand.happen(6)
        for _ in 0..<6 { peer.drain(room: cut * (message(1).utf8.count + 2) + 1) }
        peer.drain()
        #expect(try peer.messages() == (1...6).map(message))
    }

    @Test("are the history's where a slow subscriber has fallen out of memory: no gap, nothing twice")
    func fallenBehind() async throws {
        let stand = FeedStand {
            $0.recentEvents = 8
            $0.pageSize = 10
        }
        let peer = await stand.subscribe()
        _ = peer.takeBytes()
        peer.limit(to: 0)
        for _ in 0..<50 { await stand.happen() }
        #expect(try peer.messages() == [message(1)])
        peer.drain(room: 300)
        await stand.loop.settle()
        peer.drain()
        await stand.loop.settle()
        await stand.happen()
        #expect(try peer.messages() == (2...51).map(message))
        #expect(stand.feed.counters.readers == 0)
        #expect(stand.log.pages.count > 4)
    }

    @Test("of the history go to eight subscribers of a loop at a time")
    func readers() async throws {
        let stand = FeedStand {
            $0.recentEvents = 2
            $0.pageSize = 2
        }
        stand.log.write(20)
        let first = await stand.subscribe()
        var peers: [Peer] = []
        for _ in 0..<20 { peers.append(stand.begin("0")) }
        #expect(stand.feed.counters.readers == 20)
        #expect(stand.log.pages.count <= 1 + 8)
        await stand.loop.settle()
        for peer in peers { #expect(try peer.messages().dropFirst() == (1...20).map(message)[...]) }
        #expect(try first.messages().count == 1)
    }

    @Test("come in the order of the numbers where they were published out of order, or not at all here")
    func outOfOrder() async throws {
        let stand = FeedStand()
        let peer = await stand.subscribe()
        let events = stand.log.write(5)
        for index in [1, 0, 3, 3] { stand.feed.publish([events[index]]) }
        await stand.loop.settle()
        // The first of them was ahead: all that the history had by then has come with it.
        #expect(try peer.messages().dropFirst() == (1...5).map(message)[...])
        await stand.happen()
        #expect(try peer.messages() == [message(6)])
    }

    @Test("close those who take nothing for too long, with 1013, and they may come back with their number")
    func tooSlow() async throws {
        let stand = FeedStand()
        let (slow, quick) = (await stand.subscribe(), await stand.subscribe())
        slow.limit(to: 0)
        await stand.happen(3)
        await stand.loop.advance(by: .seconds(25))
        #expect(!slow.isClosed)
        await stand.loop.advance(by: .seconds(15))
        #expect(slow.isClosed && !quick.isClosed)
        #expect(try slow.messages().last == "close 1013 retry 0")
        #expect(stand.feed.counters.slowCloses == 1)
        let again = await stand.subscribe("e1-1")
        #expect(
            try again.messages() == [#"{"epoch":"e1","from":1,"head":3}"#, message(2), message(3)])
    }

    @Test("are awaited by a poll as long as it says, and no longer", arguments: [3, 10, 14])
    func pollTime(wait: Int) async throws {
        let stand = FeedStand()
        stand.log.write()
        let channel = stand.feed.channel(of: "a", on: stand.loop, stand.loop)
        let poll = FeedPoll(FeedStart(after: "1", lastEventID: nil), limit: 10, wait: wait)
        channel.begin(poll)
        await stand.loop.settle()
        await stand.loop.advance(by: .seconds(wait - 1))
        #expect(poll.isWaiting)
        await stand.loop.advance(by: .seconds(1))
        #expect(!poll.isWaiting)
        guard case .frames(let frames) = await poll.wait() else { throw Trouble("no events") }
        #expect(frames.isEmpty)
        // The topic forgets it.
        await stand.loop.advance(by: .seconds(6))
        #expect(channel.polls.isEmpty)
    }

    @Test("are given to a poll that waits together, when they were published together")
    func pollOfSeveral() async throws {
        let stand = FeedStand()
        stand.log.write()
        let channel = stand.feed.channel(of: "a", on: stand.loop, stand.loop)
        let poll = FeedPoll(FeedStart(after: "1", lastEventID: nil), limit: 10, wait: 25)
        channel.begin(poll)
        await stand.loop.settle()
        stand.feed.publish(stand.log.write(2))
        await stand.loop.settle()
        guard case .frames(let frames) = await poll.wait() else { throw Trouble("no events") }
        #expect(frames.map(\.sequence) == [2, 3])
        #expect(channel.polls.isEmpty)
    }

    @Test("are followed by the newest number every 15 seconds")
    func beats() async throws {
        let stand = FeedStand()
        let peer = await stand.subscribe()
        let stream = await stand.subscribe(nil, .eventStream)
        await stand.happen()
        _ = (peer.takeBytes(), stream.takeBytes())
        await stand.loop.advance(by: .seconds(21))
        #expect(try peer.messages() == [#"{"beat":1}"#])
        #expect(stream.text() == "1e\r\nevent: beat\ndata: {\"beat\":1}\n\n\r\n")
        await stand.loop.advance(by: .seconds(30))
        #expect(try peer.messages() == [#"{"beat":1}"#, #"{"beat":1}"#])
    }

    @Test("as server-sent events carry the number that a browser sends back")
    func eventStream() async {
        let stand = FeedStand()
        stand.log.write()
        let peer = await stand.subscribe("0", .plainEventStream)
        #expect(
            peer.text() == """
                retry: 1000
                id: e1-0
                data: {"epoch":"e1","from":0,"head":1}

                id: e1-1
                data: \(message(1))


                """)
    }
}
