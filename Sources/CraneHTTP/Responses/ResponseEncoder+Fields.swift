internal import HTTPTypes

extension ResponseEncoder {
    /// What a handler said in fields that the encoder writes itself.
    struct GivenFraming {
        var length: UInt64?
        var close = false
    }

    /// Appends all fields but those that the encoder owns; `isSwitch` keeps Connection for a 101 (RFC 9110, section 7.8).
    static func appendFields(_ fields: HTTPFields, isSwitch: Bool, to output: OutputBuffer) -> GivenFraming {
        var given = GivenFraming()
        for index in 0..<fields.count {
            let field = fields[index]
            // The length tells most fields from the four.
            switch field.name.rawName.utf8.count {
            case 4 where field.name.canonicalName == "date": continue
            case 10 where field.name.canonicalName == "connection":
                if !isSwitch {
                    let value = field.value
                    var options = ListElements(value.utf8.span)
                    while let option = options.next() {
                        if isEqual(option, "close") { given.close = true }
                    }
                    continue
                }
            case 14 where field.name.canonicalName == "content-length":
                given.length = UInt64(field.value)
                continue
            case 17 where field.name.canonicalName == "transfer-encoding": continue
            default: break
            }
            append(field, to: output)
        }
        return given
    }

    /// Appends a field line with one look at the output's room, which is most of what a small field costs.
    static func append(_ field: HTTPField, to output: OutputBuffer) {
        unsafe field.withUnsafeBytesOfValue { value in
            let name = field.name.rawName.utf8
            let nameLength = name.count
            let length = nameLength &+ value.count &+ 4
            let room = unsafe output.reserve(length)
            let isCopied: Void? = unsafe name.withContiguousStorageIfAvailable { bytes in
                if let start = bytes.baseAddress {
                    unsafe room.copyMemory(from: start, byteCount: nameLength)
                }
            }
            // Only a string that another language made is not contiguous.
            if isCopied == nil { unsafe copy(name, to: room) }
            // ": " and CRLF, as they lie in memory.
            unsafe room.storeBytes(
                of: UInt16(littleEndian: 0x203A), toByteOffset: nameLength, as: UInt16.self)
            if let start = value.baseAddress {
                unsafe (room + nameLength + 2).copyMemory(from: start, byteCount: value.count)
            }
            unsafe room.storeBytes(
                of: UInt16(littleEndian: 0x0A0D), toByteOffset: length &- 2, as: UInt16.self)
            output.advance(by: length)
        }
    }

    @inline(never)
    private static func copy(_ text: String.UTF8View, to room: UnsafeMutableRawPointer) {
        for (offset, byte) in text.enumerated() {
            unsafe room.storeBytes(of: byte, toByteOffset: offset, as: UInt8.self)
        }
    }
}
