import CraneHTTP
import CraneSchema
import CraneSystem

/// Origins (RFC 6454) that are listed: compared byte for byte, but for case and the port that their scheme has anyway.
struct OriginList: Sendable {
    /// Whether `*` is listed.
    let hasAll: Bool
    private let origins: Set<Spelling>

    init(_ origins: [String]) {
        hasAll = origins.contains { $0.isSpelt("*") }
        self.origins = Set(origins.map { Spelling(OriginList.canonical($0)) })
    }

    /// Whether the origin is listed by name.
    func contains(_ origin: String) -> Bool { origins.contains(Spelling(OriginList.canonical(origin))) }

    /// Whether a page of `origin` is one of the host's own, as `Host` names it: under the scheme that the page has.
    static func isOrigin(_ origin: String, of host: String) -> Bool {
        guard let (scheme, behind) = origin.halves(at: ":"), behind.begins(with: "//") else { return false }
        return canonical(origin).isSpelt(canonical("\(scheme)://\(host)"))
    }

    /// `https://talks.example:443` as `https://talks.example`, and all in lower case (RFC 6454, section 4).
    static func canonical(_ origin: String) -> String {
        let text = origin.loweredASCII
        guard let colon = text.utf8.lastIndex(of: UInt8(ascii: ":")) else { return text }
        let port = text[text.utf8.index(after: colon)...]
        // The colon of a scheme has slashes behind it, one within an address a bracket at least.
        guard port.utf8.allSatisfy({ (48...57).contains($0) }) else { return text }
        let digits = port.drop { $0 == "0" }
        let usual =
            switch text.halves(at: ":")?.before {
            case "http", "ws": "80"
            case "https", "wss": "443"
            default: ""
            }
        return String(text[..<colon]) + (digits.isEmpty || digits == usual[...] ? "" : ":\(digits)")
    }
}
