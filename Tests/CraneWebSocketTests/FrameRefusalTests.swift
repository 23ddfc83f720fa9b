import CraneHTTP
import Testing

@Suite("Frames that end the connection")
struct FrameRefusalTests {
    struct Broken: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
        let code: WebSocketCloseCode
        /// How many bytes must be seen to know.
        let seen: Int

        init(_ name: String, _ frames: [ClientFrame], code: WebSocketCloseCode = .protocolError, seen: Int) {
            testDescription = name
            bytes = frames.bytes
            self.code = code
            self.seen = seen
        }
    }

    static let broken = [
        Broken("not masked", [ClientFrame(opcode: 1, payload: [97], key: nil)], seen: 2),
        Broken("RSV1", [ClientFrame(opcode: 1, reserved: 4)], seen: 1),
        Broken("RSV2", [ClientFrame(opcode: 1, reserved: 2)], seen: 1),
        Broken("RSV3", [ClientFrame(opcode: 1, reserved: 1)], seen: 1),
        Broken("opcode 3", [ClientFrame(opcode: 3)], seen: 1),
        Broken("opcode 7", [ClientFrame(opcode: 7)], seen: 1),
        Broken("opcode 11", [ClientFrame(opcode: 11)], seen: 1),
        Broken("opcode 15", [ClientFrame(opcode: 15)], seen: 1),
        Broken("a long ping", [ClientFrame(opcode: 9, payload: Array(repeating: 0, count: 126))], seen: 2),
        Broken("a long close", [ClientFrame(opcode: 8, payload: Array(repeating: 0, count: 126))], seen: 2),
        Broken("a ping in fragments", [ClientFrame(opcode: 9, isFinal: false)], seen: 1),
        Broken("a close in fragments", [ClientFrame(opcode: 8, isFinal: false)], seen: 1),
        Broken("a continuation of nothing", [.more("a")], seen: 1),
        Broken("a text within a text", [.text("a", isFinal: false), .text("b")], seen: 8),
        Broken("a continuation of a whole text", [.text("a"), .more("b")], seen: 8),
        Broken(
            "5 in two bytes", [ClientFrame(opcode: 2, payload: [1, 2, 3, 4, 5], lengthBytes: 2)], seen: 8),
        Broken(
            "5 in eight bytes", [ClientFrame(opcode: 2, payload: [1, 2, 3, 4, 5], lengthBytes: 8)], seen: 14),
        Broken(
            "65535 in eight bytes",
            [ClientFrame(opcode: 2, payload: Array(repeating: 0, count: 65_535), lengthBytes: 8)], seen: 14),
        Broken("half a close code", [ClientFrame(opcode: 8, payload: [3])], seen: 7),
        Broken(
            "a close's reason that is not UTF-8", [.close(1000, [0xFF])], code: .invalidPayload, seen: 9),
        Broken(
            "text that is not UTF-8", [ClientFrame(opcode: 1, payload: [97, 0xFF, 97])],
            code: .invalidPayload, seen: 8),
        Broken(
            "text that ends in half a character", [ClientFrame(opcode: 1, payload: [97, 0xC3])],
            code: .invalidPayload, seen: 8),
        Broken(
            "a surrogate in fragments",
            [
                ClientFrame(opcode: 1, payload: [0xED], isFinal: false),
                ClientFrame(opcode: 0, payload: [0xA0, 0x80]),
            ],
            code: .invalidPayload, seen: 14),
    ]

    @Test("do so at the first byte that shows it", arguments: broken)
    func refused(_ broken: Broken) {
        #expect(MessageReader.read(broken.bytes).failure?.code == broken.code)
        #expect(MessageReader.read(Array(broken.bytes[..<broken.seen])).failure?.code == broken.code)
        #expect(MessageReader.read(Array(broken.bytes[..<(broken.seen - 1)])).failure == nil)
        for cut in 0...min(broken.bytes.count, 64) {
            #expect(
                MessageReader.read(broken.bytes, cuts: [cut]).failure?.code == broken.code, "cut at \(cut)")
        }
    }

    @Test("are the closes with codes that may not be sent")
    func closeCodes() {
        let allowed = [1000...1003, 1007...1014, 3000...4999]
        for code in UInt16.min...UInt16.max {
            let result = MessageReader.read(ClientFrame.close(code).bytes)
            let isAllowed = allowed.contains { $0.contains(Int(code)) }
            #expect((result.failure == nil) == isAllowed, "\(code)")
        }
    }

    @Test("leave what came before them")
    func before() {
        let result = MessageReader.read([ClientFrame.text("a"), ClientFrame(opcode: 1, reserved: 1)].bytes)
        #expect(result.events == [.text("a")])
        #expect(result.failure?.code == .protocolError)
    }
}
