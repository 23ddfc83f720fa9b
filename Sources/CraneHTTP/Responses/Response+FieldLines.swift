package import HTTPTypes

extension Response {
    /// Appends a line to `fieldLines`.
    ///
    /// - Parameters:
    ///   - start: the field's name with `: ` behind it.
    ///   - value: the field's value, which has no control bytes in it.
    package mutating func appendFieldLine(_ start: StaticString, _ value: Span<UInt8>) {
        let (name, length) = (start.utf8CodeUnitCount, value.count)
        fieldLines.append(addingCapacity: name + length + 2) { line in
            unsafe line.withUnsafeMutableBufferPointer { room, count in
                // The room is as long as what goes there.
                guard let room = UnsafeMutableRawPointer(room.baseAddress) else { return }
                unsafe room.copyMemory(from: start.utf8Start, byteCount: name)
                unsafe value.withUnsafeBytes { value in
                    if let value = value.baseAddress {
                        unsafe (room + name).copyMemory(from: value, byteCount: length)
                    }
                }
                // CRLF, as it lies in memory.
                unsafe room.storeBytes(
                    of: UInt16(littleEndian: 0x0A0D), toByteOffset: name + length, as: UInt16.self)
                count = name + length + 2
            }
        }
    }

    /// All fields as the client gets them, the prepared lines among them: for tests and clients without a socket.
    package var allFields: HTTPFields {
        var all = headers
        for line in (sharedLines + fieldLines).split(separator: UInt8(ascii: "\n")) {
            let text = String(decoding: line.dropLast(), as: UTF8.self)
            guard let colon = text.firstIndex(of: ":"), let name = HTTPField.Name(String(text[..<colon]))
            else { continue }
            all.append(HTTPField(name: name, value: String(text[colon...].dropFirst(2))))
        }
        if variesByOrigin { all.append(HTTPField(name: .vary, value: "Origin")) }
        return all
    }
}
