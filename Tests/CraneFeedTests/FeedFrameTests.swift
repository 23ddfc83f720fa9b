import CraneHTTP
import CraneTesting
import Testing

@testable import Crane

@Suite("An event as it goes out")
struct FeedFrameTests {
    private func bytes(_ frame: FeedFrame, _ kind: FeedKind) -> [UInt8] {
        let pieces = SharedPieces()
        frame.append(to: pieces, kind, epoch: "e1")
        let piece = unsafe pieces.pieces[0]
        return unsafe Array(UnsafeRawBufferPointer(start: piece.base, count: piece.count))
    }

    private func text(_ frame: FeedFrame, _ kind: FeedKind) -> String {
        String(decoding: bytes(frame, kind), as: UTF8.self)
    }

    private let frame = FeedFrame(sequence: 8, previous: 7, key: nil, json: #"{"kind":"goal"}"#)
    private let message = #"{"seq":8,"prev":7,"kind":"goal"}"#

    @Test("has its numbers before its members")
    func members() {
        #expect(frame.message == message)
        #expect(FeedFrame(sequence: 2, previous: 0, key: nil, json: "{}").message == #"{"seq":2,"prev":0}"#)
    }

    @Test("is one text of a WebSocket, one chunk of an event stream, and the event alone for HTTP/1.0")
    func kinds() {
        #expect(bytes(frame, .webSocket) == [0x81, UInt8(message.utf8.count)] + Array(message.utf8))
        let event = "id: e1-8\ndata: \(message)\n\n"
        #expect(text(frame, .plainEventStream) == event)
        #expect(text(frame, .eventStream) == "\(String(event.utf8.count, radix: 16))\r\n\(event)\r\n")
    }

    @Test("is compressed by itself, where that makes it shorter")
    func deflated() throws {
        let long = FeedFrame(
            sequence: 1, previous: 0, key: nil, json: "{\"t\":\"\(String(repeating: "ab", count: 200))\"}")
        let bytes = bytes(long, .deflated)
        #expect(bytes[0] == 0xC1 && bytes.count < 60)
        var inflation = Inflation(
            CompressedMessage(bytes: Array(bytes[2...]), isText: true), after: [], limit: 1 << 20)
        #expect(try inflation.next())
        #expect(try inflation.message == .text(long.message))
        #expect(self.bytes(frame, .deflated)[0] == 0x81)
    }

    @Test("is made once for all")
    func once() {
        let (one, other) = (SharedPieces(), SharedPieces())
        for kind in [FeedKind.webSocket, .deflated, .eventStream] {
            frame.append(to: one, kind, epoch: "e1")
            frame.append(to: other, kind, epoch: "e1")
        }
        for index in 0..<3 { #expect(one.holder(of: index) === other.holder(of: index)) }
    }
}

@Suite("A client's position")
struct FeedPositionTests {
    @Test(
        "is a number, with or without its epoch; all else is none",
        arguments: [
            ("17", FeedPosition(epoch: nil, sequence: 17)),
            ("e1-17", FeedPosition(epoch: "e1", sequence: 17)),
            ("a-b-0", FeedPosition(epoch: "a-b", sequence: 0)), ("-5", FeedPosition(epoch: "", sequence: 5)),
            ("", nil), ("e1-", nil), ("e1", nil), ("1.5", nil), ("e1-+5", nil), ("9999999999999999999", nil),
            ("e-٣", nil),
        ] as [(String, FeedPosition?)])
    func parse(text: String, position: FeedPosition?) { #expect(FeedPosition(text) == position) }

    @Test("is taken from Last-Event-ID first, which has come further than the query")
    func start() {
        #expect(FeedStart(after: nil, lastEventID: nil) == .now)
        #expect(FeedStart(after: "3", lastEventID: "") == .behind(FeedPosition(epoch: nil, sequence: 3)))
        #expect(FeedStart(after: "3", lastEventID: "e-9") == .behind(FeedPosition(epoch: "e", sequence: 9)))
        #expect(FeedStart(after: "x", lastEventID: nil) == .nowhere)
    }
}

@Suite("Admissions")
struct FeedAdmissionTests {
    @Test("are so many at once and so many a second")
    func bound() {
        var admissions = FeedAdmissions(atOnce: 20, perSecond: 10, now: 0)
        func taken(_ tries: Int, at now: UInt64) -> Int {
            (0..<tries).filter { _ in admissions.take(now: now) }.count
        }
        #expect(taken(30, at: 0) == 20)
        #expect(taken(30, at: 500_000_000) == 5)
        #expect(taken(30, at: 90_000_000_000) == 20)
        // A clock that has not moved gives none.
        #expect(taken(1, at: 90_000_000_000) == 0)
    }
}
