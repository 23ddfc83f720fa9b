package import HTTPTypes

extension Response {
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
