import CraneHTTP
import Testing

@testable import Crane

@Suite("A subscriber that comes back")
struct FeedResumeTests {
    private func hello(_ from: Int, _ head: Int, _ epoch: String = "e1") -> String {
        #"{"epoch":"\#(epoch)","from":\#(from),"head":\#(head)}"#
    }

    @Test("goes on from memory, without a look at the history, from whatever number it has", arguments: 0...6)
    func fromMemory(after: Int) async throws {
        let stand = FeedStand()
        stand.log.write(6)
        _ = await stand.subscribe()
        let pages = stand.log.pages.count
        for text in ["e1-\(after)", "\(after)"] {
            let peer = await stand.subscribe(text)
            #expect(try peer.messages() == [hello(after, 6)] + (after..<6).map { message($0 + 1) })
        }
        #expect(stand.log.pages.count == pages)
    }

    @Test(
        "goes on from the history where memory does not go back so far, and then from memory",
        arguments: [0, 1, 55, 95, 99])
    func fromHistory(after: Int) async throws {
        let stand = FeedStand {
            $0.recentEvents = 10
            $0.pageSize = 20
        }
        stand.log.write(100)
        let peer = await stand.subscribe("e1-\(after)")
        await stand.happen(2)
        #expect(try peer.messages() == [hello(after, 100)] + (after..<102).map { message($0 + 1) })
    }

    @Test(
        "misses nothing and gets nothing twice when changes are made while it is read for",
        arguments: [0, 1, 30])
    func meanwhile(more: Int) async throws {
        let stand = FeedStand {
            $0.recentEvents = 10
            $0.pageSize = 20
        }
        stand.log.write(60)
        _ = await stand.subscribe()
        let peer = stand.begin("e1-5")
        // After the page was read, and before it is delivered: in memory alone, or already out of it again.
        let (log, feed) = (stand.log, stand.feed)
        log.duringNextPage { feed.publish(log.write(more)) }
        await stand.loop.settle()
        #expect(try peer.messages() == [hello(5, 60)] + (5..<(60 + more)).map { message($0 + 1) })
    }

    @Test(
        "misses nothing that was written before the first subscriber was known and published after",
        arguments: [false, true])
    func opening(isPublishedFirst: Bool) async throws {
        let stand = FeedStand()
        stand.log.write(2)
        let (log, feed) = (stand.log, stand.feed)
        if isPublishedFirst {
            feed.publish(log.write())
        } else {
            log.duringNextPage { feed.publish(log.write()) }
        }
        let peer = await stand.subscribe("e1-1")
        #expect(try peer.messages().dropFirst() == [message(2), message(3)])
    }

    @Test(
        "is told to begin anew by an unknown epoch, a number ahead, one that was trimmed, and what is none",
        arguments: ["e0-3", "e1-9", "9", "e1-1", "x"])
    func reset(after: String) async throws {
        let stand = FeedStand { $0.recentEvents = 2 }
        stand.log.write(6)
        stand.log.trim(to: 2)
        let peer = await stand.subscribe(after)
        #expect(try peer.messages().last == #"{"reset":6}"#)
        await stand.happen()
        #expect(try peer.messages() == [message(7)])
        #expect(stand.feed.counters.resets == 1)
    }

    @Test("is told to begin anew when the history is trimmed while it is read for")
    func trimmedMeanwhile() async throws {
        let stand = FeedStand {
            $0.recentEvents = 2
            $0.pageSize = 5
        }
        stand.log.write(40)
        _ = await stand.subscribe()
        let log = stand.log
        log.duringNextPage { log.trim(to: 30) }
        let peer = await stand.subscribe("e1-0")
        await stand.happen()
        #expect(
            try peer.messages() == [hello(0, 40)] + (1...5).map(message) + [#"{"reset":40}"#, message(41)])
    }

    @Test("is told to begin anew, as all others, when the history turns out to be another one")
    func renewed() async throws {
        let stand = FeedStand { $0.recentEvents = 2 }
        stand.log.write(10)
        let peer = await stand.subscribe()
        _ = peer.takeBytes()
        stand.log.renew("e2")
        stand.log.write(3)
        let late = await stand.subscribe("e1-4")
        await stand.happen()
        #expect(try peer.messages() == [hello(3, 3, "e2"), #"{"reset":3}"#, message(4)])
        #expect(try late.messages().suffix(3) == [hello(3, 3, "e2"), #"{"reset":3}"#, message(4)])
    }

    @Test("is told so at once where the service says that the history is another one")
    func renewedByService() async throws {
        let stand = FeedStand()
        stand.log.write(10)
        let peer = await stand.subscribe()
        _ = peer.takeBytes()
        stand.feed.renew()
        await stand.loop.settle()
        #expect(try peer.messages() == [])
        stand.log.renew("e2")
        stand.feed.renew()
        await stand.loop.settle()
        await stand.happen(2)
        #expect(try peer.messages() == [hello(0, 0, "e2"), #"{"reset":0}"#, message(1), message(2)])
    }

    @Test("is not told again what was hidden meanwhile")
    func redacted() async throws {
        let stand = FeedStand()
        _ = await stand.subscribe()
        for key in ["7", "8"] { stand.feed.publish(stand.log.write(key: key)) }
        stand.feed.redact("7", in: "a") { "{\"kind\":\"hidden\",\"was\":\($0.sequence)}" }
        stand.feed.publish(stand.log.write())
        await stand.loop.settle()
        let peer = await stand.subscribe("0")
        #expect(
            try peer.messages().dropFirst() == [
                #"{"seq":1,"prev":0,"kind":"hidden","was":1}"#, message(2), message(3),
            ])
    }

    @Test("is not told what was hidden while the topic was opened")
    func redactedWhileOpening() async throws {
        let stand = FeedStand()
        stand.log.write(key: "7")
        let feed = stand.feed
        stand.log.duringNextPage { feed.redact("7", in: "a") { _ in "{}" } }
        let peer = await stand.subscribe("0")
        #expect(try peer.messages().dropFirst() == [#"{"seq":1,"prev":0}"#])
    }

    @Test("comes back later when the history cannot be read, and so do those who wait with it")
    func broken() async throws {
        let stand = FeedStand()
        stand.log.breakDown()
        let peers = [stand.begin(), stand.begin("0")]
        await stand.loop.settle()
        for peer in peers { #expect(try peer.messages() == ["close 1013 retry 0"]) }
        stand.log.breakDown(false)
        #expect(try await stand.subscribe().messages() == [hello(0, 0)])
    }

    @Test("comes back later when the feed is no more, which its topics do not outlive")
    func released() async throws {
        let loop = ManualLoop()
        let peer = Peer()
        weak var channel: FeedChannel?
        do {
            let feed = Feed(history: Log(), options: FeedOptions())
            let joined = feed.channel(of: "a", on: loop, loop)
            channel = joined
            FeedSubscriber.begin(peer, .webSocket, in: joined, at: .now)
            await loop.settle()
            _ = feed.channel(of: "b", on: loop, loop)
        }
        await loop.settle()
        #expect(try peer.messages().last?.hasPrefix("close 1013 retry ") == true)
        peer.end()
        #expect(channel == nil)
    }

    @Test("is let go of at the end of its loop, with those who wait for the history")
    func loopEnded() async throws {
        weak var channel: FeedChannel?
        let stand = FeedStand { $0.recentEvents = 1 }
        stand.log.write(3)
        let peer = await stand.subscribe()
        let reader = stand.begin("0")
        channel = stand.feed.channel(of: "a", on: stand.loop, stand.loop)
        stand.feed.publish(stand.log.write())
        for peer in [peer, reader] { peer.end() }
        stand.loop.end()
        await stand.loop.settle()
        #expect(channel == nil)
        #expect(stand.feed.counters.readers == 1 && stand.feed.counters.subscribers == 0)
        #expect(!stand.feed.hasSubscribers(of: "a"))
    }

    @Test("finds its topic in memory for a while after the last one has left, and not for ever")
    func idle() async throws {
        let stand = FeedStand()
        await stand.subscribe().end()
        await stand.happen()
        await stand.loop.advance(by: .seconds(50))
        #expect(try await stand.subscribe("0").messages() == [hello(0, 1), message(1)])
        #expect(stand.log.pages.count == 1)
        let other = await stand.subscribe(topic: "b")
        other.end()
        await stand.loop.advance(by: .seconds(80))
        _ = await stand.subscribe(topic: "b")
        #expect(stand.log.pages.count == 3)
    }
}

@Suite("A subscriber's end")
struct FeedEndTests {
    private func masked(_ opcode: FrameOpcode, _ payload: [UInt8]) -> [UInt8] {
        let output = OutputBuffer()
        unsafe payload.withUnsafeBytes { unsafe FrameWriter.write(opcode, $0, mask: 7, to: output) }
        return unsafe Array(output.bytes)
    }

    @Test("is its close frame, which is answered with its code")
    func close() async throws {
        let stand = FeedStand()
        let peer = await stand.subscribe()
        _ = peer.takeBytes()
        let bytes = masked(.text, [1, 2]) + masked(.ping, [5]) + masked(.close, [0x03, 0xE9])
        for byte in bytes { peer.hear([byte]) }
        #expect(try peer.messages() == ["pong", "close 1001 "])
        #expect(peer.isClosed && stand.feed.counters.subscribers == 0)
    }

    @Test("is what it may not say")
    func violation() async throws {
        let stand = FeedStand()
        let peer = await stand.subscribe()
        _ = peer.takeBytes()
        peer.hear([0x81, 0x01, 65])
        #expect(try peer.messages().first?.hasPrefix("close 1002") == true)
        #expect(peer.isClosed)
    }

    @Test("is the server's, with 1012 before a restart and a time of its own to come back")
    func stop() async throws {
        let stand = FeedStand { $0.retryJitter = .milliseconds(900) }
        let peers = [await stand.subscribe(), await stand.subscribe()]
        let stream = await stand.subscribe(nil, .eventStream)
        for peer in peers { _ = peer.takeBytes() }
        _ = stream.takeBytes()
        for (peer, restarts) in zip(peers, [true, false]) { peer.stop(restarts: restarts) }
        stream.stop(restarts: true)
        #expect(try peers[0].messages()[0].hasPrefix("close 1012 retry "))
        #expect(try peers[1].messages()[0].hasPrefix("close 1001 retry "))
        #expect(stream.isClosed && stream.text().hasSuffix("0\r\n\r\n"))
        // The client has a while to answer.
        #expect(!peers[0].isClosed)
        peers[0].hear(masked(.close, [0x03, 0xF4]))
        peers[1].passDeadline()
        #expect(peers[0].isClosed && peers[1].isClosed)
        await stand.happen()
        #expect(peers[0].takeBytes().isEmpty && stand.feed.counters.subscribers == 0)
    }
}
