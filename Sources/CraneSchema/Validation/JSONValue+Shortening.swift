extension JSONValue {
    /// What an issue echoes of a value: all of it up to so many bytes of JSON.
    package static let echoLength = 1 << 10

    /// The value itself where its JSON takes at most `echoLength` bytes, else about as much of it.
    ///
    /// A text keeps its beginning and its end around `...`, as pydantic shortens what its messages quote; a list ends with the
    /// element `"..."` and an object with the member `"...": "..."` in the place of what is left out. Cost: `echoLength`.
    package func shortened() -> JSONValue {
        var room = Self.echoLength
        if takes(of: &room) { return self }
        room = Self.echoLength
        return cut(to: &room)
    }

    /// Whether the JSON has room; takes as much of it away.
    private func takes(of room: inout Int) -> Bool {
        switch self {
        case .null: room -= 4
        case .bool(let value): room -= value ? 4 : 5
        case .integer(let value): room -= value.description.utf8.count
        case .bigInteger(let digits): room -= digits.utf8.count
        case .number(let value): room -= value.description.utf8.count
        case .string(let text):
            guard text.utf8.count <= room else { return false }
            room -= 2 + text.utf8.reduce(0) { $0 + Self.width($1) }
        case .brokenString(let bytes):
            // A surrogate's three bytes become six.
            guard bytes.count <= room else { return false }
            room -= 2 + bytes.reduce(0) { $0 + ($1 == 0xED ? 4 : Self.width($1)) }
        case .array(let elements):
            room -= 2
            for (index, element) in elements.enumerated() {
                if index > 0 { room -= 1 }
                guard room >= 0, element.takes(of: &room) else { return false }
            }
        case .object(let members):
            room -= 2
            for (index, member) in members.enumerated() {
                room -= index > 0 ? 2 : 1
                guard room >= 0, JSONValue.string(member.key).takes(of: &room), member.value.takes(of: &room)
                else { return false }
            }
        }
        return room >= 0
    }

    /// What a byte takes in a JSON string.
    private static func width(_ byte: UInt8) -> Int {
        switch byte {
        case 0x22, 0x5C, 0x08, 0x09, 0x0A, 0x0C, 0x0D: 2
        case 0..<0x20: 6
        default: 1
        }
    }

    /// As much of a value as has room, which is known to be less than all.
    private func cut(to room: inout Int) -> JSONValue {
        switch self {
        case .string(let text): return .string(Self.ends(Array(text.utf8), &room))
        // What is cut is told as a text: half a number would be another number.
        case .bigInteger(let digits): return .string(Self.ends(Array(digits.utf8), &room))
        case .brokenString(let bytes): return .string(Self.ends(bytes, &room))
        case .array(let elements):
            var kept: [JSONValue] = []
            for element in elements {
                guard let element = element.kept(in: &room) else { break }
                kept.append(element)
            }
            return .array(kept.count == elements.count ? kept : kept + [.string("...")])
        case .object(let members):
            var kept: [Member] = []
            for member in members {
                var left = room - 1
                guard JSONValue.string(member.key).takes(of: &left), let value = member.value.kept(in: &left)
                else { break }
                room = left
                kept.append(Member(member.key, value))
            }
            return .object(kept.count == members.count ? kept : kept + [Member("...", .string("..."))])
        default: return self
        }
    }

    /// The value or as much of it as has room; `nil` where too little is left to show any.
    private func kept(in room: inout Int) -> JSONValue? {
        room -= 1
        var left = room
        if takes(of: &left) {
            room = left
            return self
        }
        guard room >= 64 else { return nil }
        room -= 2
        return cut(to: &room)
    }

    /// The beginning and the end of a text, cut between code points.
    private static func ends(_ bytes: [UInt8], _ room: inout Int) -> String {
        let half = max(room - 5, 0) / 2
        func length(_ bytes: some Sequence<UInt8>) -> Int {
            var length = 0
            var width = 0
            for byte in bytes {
                width += self.width(byte)
                if width > half { break }
                length += 1
            }
            return length
        }
        var first = length(bytes)
        while first > 0, bytes[first] & 0xC0 == 0x80 { first -= 1 }
        var last = bytes.count - length(bytes.reversed())
        while last < bytes.count, bytes[last] & 0xC0 == 0x80 { last += 1 }
        room = 0
        return String(decoding: bytes[..<first], as: UTF8.self) + "..."
            + String(decoding: bytes[last...], as: UTF8.self)
    }
}
