import CraneHTTP
import Testing

@Suite("Messages out of frames")
struct FrameReadingTests {
    typealias Event = MessageReader.Event

    struct Sound: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
        let events: [Event]

        init(_ name: String, _ frames: [ClientFrame], _ events: Event...) {
            testDescription = name
            bytes = frames.bytes
            self.events = events
        }
    }

    static let sound = [
        Sound("an empty text", [.text("")], .text("")),
        Sound("a text", [.text("Hello")], .text("Hello")),
        Sound("two texts", [.text("a"), .text("b")], .text("a"), .text("b")),
        Sound("a text of 15 bytes and one of 16", [.text(x(15)), .text(x(16))], .text(x(15)), .text(x(16))),
        Sound("125 bytes", [.text(x(125))], .text(x(125))),
        Sound("126 bytes", [.text(x(126))], .text(x(126))),
        Sound("bytes of every value", [.binary(Array(0...255))], .binary(Array(0...255))),
        Sound("no bytes", [.binary([])], .binary([])),
        Sound("characters of two, three and four bytes", [.text("é日😀")], .text("é日😀")),
        Sound(
            "fragments", [.text("a", isFinal: false), .more("b", isFinal: false), .more("c")], .text("abc")),
        Sound(
            "empty fragments", [.text("", isFinal: false), .more("", isFinal: false), .more("")], .text("")),
        Sound(
            "a character over two fragments",
            [
                ClientFrame(opcode: 1, payload: [0xF0, 0x9F], isFinal: false),
                ClientFrame(opcode: 0, payload: [0x98, 0x80]),
            ], .text("😀")),
        Sound(
            "binary fragments", [.binary([1, 0xFF], isFinal: false), .more("a")], .binary([1, 0xFF, 97])),
        Sound(
            "a ping among fragments", [.text("a", isFinal: false), .ping("p"), .more("b")],
            .ping([112]), .text("ab")),
        Sound("pings and pongs", [.ping(), .pong("x"), .ping(x(125))], .ping([]), .pong, .ping(bytes(125))),
        Sound("a close without a code", [.close()], .close(WebSocketClosure(.noStatus))),
        Sound("a close with a code", [.close(1000)], .close(WebSocketClosure(.normal))),
        Sound(
            "a close with a reason", [.close(4999, Array("why é".utf8))],
            .close(WebSocketClosure(WebSocketCloseCode(rawValue: 4999), "why é"))),
        Sound(
            "a key of zeros", [ClientFrame(opcode: 1, payload: [104, 105], key: [0, 0, 0, 0])], .text("hi")),
    ]

    @Test("are the same wherever the input is cut", arguments: sound)
    func everySplit(_ sound: Sound) {
        let expected = ReadResult(events: sound.events)
        #expect(MessageReader.read(sound.bytes) == expected)
        for cut in 0...sound.bytes.count {
            #expect(MessageReader.read(sound.bytes, cuts: [cut]) == expected, "cut at \(cut)")
        }
        #expect(MessageReader.read(sound.bytes, cuts: Array(0..<sound.bytes.count)) == expected)
    }

    @Test(
        "are whole at every length of the head",
        arguments: [0, 1, 7, 8, 9, 125, 126, 127, 65_535, 65_536, 100_000])
    func lengths(_ count: Int) {
        let text = FrameReadingTests.x(count)
        let frame = ClientFrame.text(text).bytes
        #expect(MessageReader.read(frame).events == [.text(text)])
        for cut in [1, 2, 3, 6, 10, 13, 14, 15, count / 2, count] where cut <= frame.count {
            #expect(MessageReader.read(frame, cuts: [cut]).events == [.text(text)], "cut at \(cut)")
        }
    }

    @Test("may be compressed where that was agreed on, in their first frame only")
    func compressed() {
        let frames = [
            ClientFrame(opcode: 1, payload: [1, 2], isFinal: false, reserved: 4),
            ClientFrame(opcode: 0, payload: [0xFF]),
        ]
        #expect(
            MessageReader.read(frames.bytes, allowsCompression: true).events
                == [.compressed([1, 2, 0xFF], isText: true)])
        #expect(MessageReader.read(frames.bytes).failure?.code == .protocolError)
        let continued = [
            ClientFrame.text("a", isFinal: false), ClientFrame(opcode: 0, payload: [1], reserved: 4),
        ]
        #expect(MessageReader.read(continued.bytes, allowsCompression: true).failure?.code == .protocolError)
    }

    @Test("of a server are read without a mask")
    func server() {
        let output = OutputBuffer()
        FrameWriter.write("Hello", to: output)
        let bytes = unsafe Array(output.bytes)
        #expect(MessageReader.read(bytes, expectsMask: false).events == [.text("Hello")])
        let masked = ClientFrame.text("Hello").bytes
        #expect(MessageReader.read(masked, expectsMask: false).failure?.code == .protocolError)
    }

    @Test("over the limit are refused by their heads, added up over the fragments")
    func limit() {
        let closure = WebSocketClosure(.messageTooBig, "frame exceeds limit of 10 bytes")
        let bytes = ClientFrame.text(FrameReadingTests.x(11)).bytes
        #expect(MessageReader.read(Array(bytes[..<6]), limit: 10).failure == closure)
        let ten = ClientFrame.text(FrameReadingTests.x(10)).bytes
        #expect(MessageReader.read(ten, limit: 10).failure == nil)
        let fragments = [ClientFrame.text("123456", isFinal: false), .more("78901")]
        #expect(MessageReader.read(fragments.bytes, limit: 10).failure == closure)
        let huge: [UInt8] = [0x82, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0]
        #expect(MessageReader.read(huge, limit: 10).failure == closure)
    }

    private static func x(_ count: Int) -> String { String(repeating: "x", count: count) }
    private static func bytes(_ count: Int) -> [UInt8] { Array(repeating: 120, count: count) }
}
