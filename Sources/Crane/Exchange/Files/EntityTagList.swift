import CraneSystem

/// The list of an `If-Match` or `If-None-Match` field (RFC 9110, section 8.8.3).
struct EntityTagList {
    private let list: String

    init(_ list: String) { self.list = list }

    /// Whether the list names the tag; `*` stands for any. Weak tags are nobody's equal but `weakly` (section 8.8.3.2).
    func contains(_ tag: String, weakly: Bool) -> Bool {
        let weak = "W/"
        if tag.begins(with: weak), !weakly { return list.withoutBlanks.isSpelt("*") }
        let opaque = tag.begins(with: weak) ? tag.utf8.dropFirst(2) : tag.utf8[...]
        var rest = list.utf8[...]
        while let first = rest.first {
            // A tag may hold commas: it ends at its second quote. What is none ends at the next comma.
            let isWeak = rest.starts(with: weak.utf8)
            let start = isWeak ? rest.dropFirst(2) : rest
            let close = start.dropFirst().firstIndex(of: UInt8(ascii: "\""))
            if start.first == UInt8(ascii: "\""), let close {
                let end = start.index(after: close)
                if weakly || !isWeak, start[..<end].elementsEqual(opaque) { return true }
                rest = start[end...]
            } else if first == UInt8(ascii: ",") || first.isBlank {
                rest = rest.dropFirst()
            } else {
                let word = rest.prefix { $0 != UInt8(ascii: ",") }
                if String(Substring(word)).withoutBlanks.isSpelt("*") { return true }
                rest = rest[word.endIndex...]
            }
        }
        return false
    }
}
