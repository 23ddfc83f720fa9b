import CraneHTTP
import CraneSystem
import HTTPTypes

/// The cookies that a client keeps for one host (RFC 6265), whatever their path.
struct CookieJar: Sendable {
    private var pairs: [(name: String, value: String)] = []

    init(_ cookies: [String: String] = [:]) {
        pairs = cookies.map { ($0.key, $0.value) }
    }

    /// The cookies by name; of names that Swift takes for equal the last one.
    var cookies: [String: String] { Dictionary(pairs.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 }) }

    /// Takes what a response sets; a cookie whose Max-Age is over goes.
    mutating func take(_ headers: HTTPFields) {
        for line in headers[values: .setCookie] {
            let parts = line.pieces(at: ";").map(\.withoutBlanks)
            guard let pair = parts.first?.halves(at: "=") else { continue }
            let name = String(pair.before.withoutBlanks)
            let isOver = parts.dropFirst().contains { part in
                guard let (attribute, value) = part.halves(at: "=") else { return false }
                return attribute.isSpeltWithoutCase("max-age") && (Int(value) ?? 1) <= 0
            }
            pairs.removeAll { $0.name.isSpelt(name) }
            if !isOver { pairs.append((name, String(pair.behind.withoutBlanks))) }
        }
    }

    /// The Cookie field, `nil` without cookies.
    var field: String? {
        if pairs.isEmpty { return nil }
        return pairs.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
            .map { "\($0.name)=\($0.value)" }.joined(separator: "; ")
    }
}
