import CraneHTTP
import CraneSystem

/// The parts of a file that a `Range` field asks for (RFC 9110, section 14).
enum ByteRanges: Equatable {
    /// All of it: no range is asked for, or none that can be understood, or too many.
    case whole
    case parts([Range<Int>])
    /// None of the ranges lies within the file.
    case unsatisfiable

    /// A field may ask for so many; RFC 9110, section 17.15, warns of more.
    private static let most = 16

    /// Reads `bytes=0-99,-500,1000-` for a file of `size` bytes.
    init(_ field: String?, size: Int) {
        self = .whole
        guard let (unit, list) = field?.halves(at: "="), unit.isSpeltWithoutCase("bytes") else { return }
        let specifications = list.pieces(at: ",").filter { !$0.isEmpty }
        guard !specifications.isEmpty, specifications.count <= ByteRanges.most else { return }
        var parts: [Range<Int>] = []
        for specification in specifications {
            let plain = String(decoding: specification.utf8.filter { $0 != 32 && $0 != 9 }, as: UTF8.self)
            guard let ends = plain.halves(at: "-"),
                let range = ByteRanges.range(ends.before, ends.behind, size)
            else { return }
            if !range.isEmpty { parts.append(range) }
        }
        if parts.isEmpty {
            self = .unsatisfiable
        } else if parts.reduce(0, { $0 + $1.count }) <= size {
            // Ranges that overlap so much that they are longer than the file are not worth sending.
            self = .parts(parts)
        }
    }

    /// One range, empty where it lies past the end; `nil` for what is none.
    private static func range(_ first: Substring, _ last: Substring, _ size: Int) -> Range<Int>? {
        func number(_ text: Substring) -> Int? {
            // Numbers past 64 bits lie past the end.
            guard text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
            return text.isEmpty ? nil : Int(text) ?? .max
        }
        if first.isEmpty {
            guard let length = number(last) else { return nil }
            return max(0, size - length)..<size
        }
        guard let start = number(first) else { return nil }
        if last.isEmpty { return min(start, size)..<size }
        guard let end = number(last), end >= start else { return nil }
        return min(start, size)..<max(min(start, size), min(size, end == .max ? size : end + 1))
    }
}
