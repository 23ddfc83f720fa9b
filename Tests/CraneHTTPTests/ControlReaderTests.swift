import CraneHTTP
import Testing

@Suite("What a client says that is only spoken to")
struct ControlReaderTests {
    private func frame(_ opcode: FrameOpcode, _ payload: [UInt8], isCompressed: Bool = false) -> [UInt8] {
        let output = OutputBuffer()
        unsafe payload.withUnsafeBytes {
            unsafe FrameWriter.write(opcode, $0, isCompressed: isCompressed, mask: 0x1122_3344, to: output)
        }
        return unsafe Array(output.bytes)
    }

    /// The events in `bytes`, given to one reader `step` at a time, and whether it then holds anything.
    private func events(_ bytes: [UInt8], step: Int) throws -> ([ControlReader.Event], Bool) {
        var reader = ControlReader(allowsCompression: true)
        var events: [ControlReader.Event] = []
        for start in stride(from: 0, to: bytes.count, by: step) {
            let piece = Array(bytes[start..<min(start + step, bytes.count)])
            var position = 0
            try unsafe piece.withUnsafeBytes { piece in
                while let event = try unsafe reader.next(piece, from: &position) { events.append(event) }
            }
            #expect(position == piece.count)
        }
        return (events, reader.isFresh)
    }

    @Test(
        "is its pings and its close frame, at any cut; messages are passed over and nothing is held",
        arguments: 1...9)
    func reads(step: Int) throws {
        let bytes =
            frame(.text, Array("hello".utf8)) + frame(.ping, [1, 2, 3, 4, 5])
            + frame(.binary, Array(repeating: 7, count: 70_000), isCompressed: true) + frame(.pong, [9])
            + frame(.close, [0x03, 0xE8] + Array("bye".utf8))
        let (events, isFresh) = try events(bytes, step: step)
        #expect(events == [.ping([1, 2, 3, 4, 5]), .close(WebSocketClosure(.normal, "bye"))])
        #expect(isFresh)
    }

    @Test("is held while a frame or a message in fragments is under way")
    func held() throws {
        #expect(try events(Array(frame(.ping, [1, 2]).dropLast()), step: 100).1 == false)
        var fragment = frame(.text, [65])
        fragment[0] &= 0x7F
        #expect(try events(fragment, step: 100).1 == false)
    }

    @Test("may not be what the protocol forbids")
    func violations() {
        #expect(throws: WebSocketClosure.self) { try events([0x81, 0x01, 65], step: 10) }
        #expect(throws: WebSocketClosure.self) { try events(frame(.close, [1]), step: 10) }
        #expect(throws: WebSocketClosure.self) { try events([0x83, 0x80, 0, 0, 0, 0], step: 10) }
    }
}
