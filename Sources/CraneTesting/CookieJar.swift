import HTTPTypes

/// The cookies that a client keeps for one host (RFC 6265), whatever their path.
struct CookieJar: Sendable {
    private(set) var cookies: [String: String] = [:]

    init(_ cookies: [String: String] = [:]) {
        self.cookies = cookies
    }

    /// Takes what an answer sets; a cookie whose Max-Age is over goes.
    mutating func take(_ headers: HTTPFields) {
        for line in headers[values: .setCookie] {
            let parts = line.split(separator: ";").map(Self.trimmed)
            guard let pair = parts.first, let equals = pair.firstIndex(of: "=") else { continue }
            let name = Self.trimmed(pair[..<equals])
            let isOver = parts.dropFirst().contains { part in
                let part = part.lowercased()
                return part.hasPrefix("max-age=") && (Int(part.dropFirst(8)) ?? 1) <= 0
            }
            cookies[String(name)] = isOver ? nil : String(Self.trimmed(pair[equals...].dropFirst()))
        }
    }

    /// The Cookie field, `nil` without cookies.
    var field: String? {
        if cookies.isEmpty { return nil }
        return cookies.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0 == " " }
        while text.last == " " { text.removeLast() }
        return text
    }
}
