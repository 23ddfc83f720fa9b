import CraneHTTP
import Testing

@Suite("Frames as they are written")
struct FrameWritingTests {
    @Test("have the shortest head and no mask", arguments: [0, 1, 125, 126, 65_535, 65_536, 70_000])
    func heads(_ count: Int) {
        let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
        let output = OutputBuffer(capacity: 8)
        FrameWriter.write(.binary, payload, to: output)
        let expected = ClientFrame(opcode: 2, payload: payload, key: nil).bytes
        #expect(unsafe output.bytes.elementsEqual(expected))
    }

    @Test("are read back under every mask and at every length")
    func masks() {
        for key: UInt32 in [0, 0x3D21_FA37, 0xFFFF_FFFF, 0x0100_0000] {
            for count in 0...40 {
                let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37) }
                let output = OutputBuffer()
                unsafe payload.withUnsafeBytes {
                    unsafe FrameWriter.write(.binary, $0, mask: key, to: output)
                }
                let bytes = unsafe Array(output.bytes)
                // Cut inside the payload, so that the mask goes on in the middle of its key.
                for cut in 6...bytes.count {
                    #expect(
                        MessageReader.read(bytes, cuts: [min(cut, bytes.count)]).events == [.binary(payload)])
                }
            }
        }
    }

    @Test("close with a code and a reason of at most 123 bytes, cut between characters")
    func closes() {
        #expect(WebSocketClosure(.normal, "bye").payload == [0x03, 0xE8] + Array("bye".utf8))
        #expect(WebSocketClosure(.noStatus, "bye").payload.isEmpty)
        #expect(WebSocketClosure(.abnormal).payload.isEmpty)
        let long = WebSocketClosure(.normal, String(repeating: "é", count: 100)).payload
        #expect(long.count == 124)
        #expect(String(validating: long[2...], as: UTF8.self) == String(repeating: "é", count: 61))
    }
}
