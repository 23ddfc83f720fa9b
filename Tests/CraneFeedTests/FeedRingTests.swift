import Testing

@testable import Crane

@Suite("The ring of a topic's newest events")
struct FeedRingTests {
    private func frame(_ sequence: Int, after previous: Int, key: String? = nil, length: Int = 0) -> FeedFrame
    {
        let text = String(repeating: "x", count: length)
        return FeedFrame(sequence: sequence, previous: previous, key: key, json: "{\"t\":\"\(text)\"}")
    }

    @Test("knows from which number on it has everything, also where numbers are missing")
    func floor() {
        var ring = FeedRing(mostFrames: 3, mostBytes: 1 << 20)
        ring.begin(with: FeedBatch(epoch: "e", oldest: 0, newest: 12, frames: []))
        #expect(ring.floor == 12 && ring.newest == 12)
        #expect(ring.covers(12) && !ring.covers(11))
        for (sequence, previous) in [(15, 12), (16, 15), (20, 16)] {
            ring.append(frame(sequence, after: previous))
        }
        #expect(ring.floor == 12 && ring.newest == 20)
        ring.append(frame(21, after: 20))
        #expect(ring.floor == 15 && ring.frames.map(\.sequence) == [16, 20, 21])
        #expect([15, 16, 17, 20, 21, 30].map { ring.index(behind: $0) } == [0, 1, 1, 2, 3, 3])
    }

    @Test("begins with what a history has, whose first event says what came before it")
    func begin() {
        var ring = FeedRing(mostFrames: 10, mostBytes: 1 << 20, newest: 3)
        ring.begin(
            with: FeedBatch(
                epoch: "e", oldest: 0, newest: 9, frames: [frame(7, after: 5), frame(9, after: 7)]))
        #expect(ring.floor == 5 && ring.newest == 9)
    }

    @Test("is bounded by bytes too, and keeps the last event whatever its length")
    func bytes() {
        var ring = FeedRing(mostFrames: 100, mostBytes: 4000)
        for sequence in 1...10 { ring.append(frame(sequence, after: sequence - 1, length: 900)) }
        #expect(ring.frames.map(\.sequence) == [7, 8, 9, 10] && ring.floor == 6)
        #expect(ring.frames.reduce(0) { $0 + $1.byteCount } <= 4000)
        ring.append(frame(11, after: 10, length: 9000))
        #expect(ring.frames.map(\.sequence) == [11] && ring.floor == 10)
    }

    @Test("gives the events of a key other members in the same place")
    func replace() {
        var ring = FeedRing(mostFrames: 10, mostBytes: 1 << 20)
        for (sequence, key) in [(1, "7"), (2, "8"), (3, "7")] {
            ring.append(frame(sequence, after: sequence - 1, key: key))
        }
        ring.replace("7") { "{\"was\":\($0.sequence)}" }
        #expect(
            ring.frames.map(\.message) == [
                #"{"seq":1,"prev":0,"was":1}"#, #"{"seq":2,"prev":1,"t":""}"#, #"{"seq":3,"prev":2,"was":3}"#,
            ])
    }
}
