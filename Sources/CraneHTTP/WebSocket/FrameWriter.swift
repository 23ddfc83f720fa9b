/// Writes frames (RFC 6455, section 5.2): whole messages in one frame, one reservation and one copy each.
package enum FrameWriter {
    /// The longest head that goes before a payload.
    static let longestHead = 14

    /// Appends a final frame; a client gives a `mask` key (RFC 6455, section 5.3), a server never does.
    package static func write(
        _ opcode: FrameOpcode, _ payload: UnsafeRawBufferPointer, isCompressed: Bool = false,
        mask key: UInt32? = nil, to output: OutputBuffer
    ) {
        let count = payload.count
        let room = unsafe output.reserve(longestHead + count)
        let first = 0x80 | (isCompressed ? 0x40 : 0) | opcode.rawValue
        unsafe room.storeBytes(of: first, as: UInt8.self)
        let flag: UInt8 = key == nil ? 0 : 0x80
        var head = 2
        if count < 126 {
            unsafe room.storeBytes(of: flag | UInt8(count), toByteOffset: 1, as: UInt8.self)
        } else if count <= 0xFFFF {
            unsafe room.storeBytes(of: flag | 126, toByteOffset: 1, as: UInt8.self)
            unsafe room.storeBytes(of: UInt16(count).bigEndian, toByteOffset: 2, as: UInt16.self)
            head = 4
        } else {
            unsafe room.storeBytes(of: flag | 127, toByteOffset: 1, as: UInt8.self)
            unsafe room.storeBytes(of: UInt64(count).bigEndian, toByteOffset: 2, as: UInt64.self)
            head = 10
        }
        if let key {
            unsafe room.storeBytes(of: key.littleEndian, toByteOffset: head, as: UInt32.self)
            head += 4
        }
        if let start = payload.baseAddress {
            if let key {
                unsafe FrameMask(key: key).apply(start, to: room + head, count: count)
            } else {
                unsafe (room + head).copyMemory(from: start, byteCount: count)
            }
        }
        output.advance(by: head + count)
    }

    package static func write(_ opcode: FrameOpcode, _ payload: [UInt8], to output: OutputBuffer) {
        unsafe payload.withUnsafeBytes { unsafe write(opcode, $0, to: output) }
    }

    package static func write(_ text: String, to output: OutputBuffer) {
        var text = text
        text.withUTF8 { unsafe write(.text, UnsafeRawBufferPointer($0), to: output) }
    }
}
