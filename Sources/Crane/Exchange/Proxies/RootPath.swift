import CraneHTTP
import CraneSystem

/// The path under which clients see the application, `/api`; empty at the root.
struct RootPath: Sendable, Equatable {
    /// Begins with a slash and ends in none, or is empty.
    let text: String

    static let none = RootPath(known: "")

    private init(known text: String) { self.text = text }

    /// Reads `/api`, `/api/`, `/` or nothing; `nil` for what could lead out of this host or back to its root: two slashes, a
    /// dot segment, or what does not stand in a path (RFC 3986, section 3.3).
    init?(_ text: String) {
        let path = text.utf8.last == UInt8(ascii: "/") ? text.dropLast() : text[...]
        self.text = String(path)
        if path.isEmpty { return }
        guard path.begins(with: "/"), path.utf8.count <= 256 else { return nil }
        for segment in path.dropFirst().pieces(at: "/") {
            if segment.isEmpty || segment == "." || segment == ".." { return nil }
            guard segment.utf8.allSatisfy(RootPath.isPlain) else { return nil }
        }
    }

    /// Letters, digits and what needs no encoding; no percent sign, as encoded dots and slashes would say the same.
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122: true
        default: "-._~!$&'()*+;=:@".utf8.contains(byte)
        }
    }

    /// How many bytes of the path are this one, where a proxy has left it on; `nil` where it is not there.
    func length(before path: Span<UInt8>) -> Int? {
        let count = text.utf8.count
        guard path.begins(with: text.utf8.span) else { return nil }
        return path.count == count || path[count] == UInt8(ascii: "/") ? count : nil
    }
}
