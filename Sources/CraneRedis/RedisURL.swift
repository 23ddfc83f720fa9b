/// Where a Redis is: `redis://[[user]:password@]host[:port][/database]`, or `redis+socket:///path[?virtual_host=database]`, as
/// Celery reads it.
public struct RedisURL: Hashable, Sendable, CustomStringConvertible {
    enum Place: Hashable, Sendable {
        case host(String, port: Int)
        case unix(String)
    }

    let place: Place
    let user: String?
    let password: String?
    let database: Int

    /// Reads the URL; `nil` for another scheme, `rediss` for one, and for what is malformed.
    public init?(_ text: String) {
        guard !text.utf8.contains(0) else { return nil }
        if text.hasPrefix("redis+socket:///") {
            let parts = text.dropFirst("redis+socket://".count).split(separator: "?", maxSplits: 1)
            guard let path = parts.first, path.utf8.count <= 107, path != "/" else { return nil }
            var number: Int? = 0
            if parts.count == 2 {
                guard parts[1].hasPrefix("virtual_host=") else { return nil }
                number = Int(parts[1].dropFirst("virtual_host=".count).drop { $0 == "/" })
            }
            guard let number, (0..<16).contains(number) else { return nil }
            (place, user, password, database) = (.unix(String(path)), nil, nil, number)
            return
        }
        guard text.hasPrefix("redis://") else { return nil }
        var rest = text.dropFirst("redis://".count)
        var (user, password): (String?, String?)
        if let at = rest.lastIndex(of: "@") {
            let pair = rest[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decoded(pair[0]) else { return nil }
            user = name.isEmpty ? nil : name
            if pair.count == 2 {
                guard let word = Self.decoded(pair[1]) else { return nil }
                password = word
            }
            rest = rest[rest.index(after: at)...]
        }
        let parts = rest.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        var database = 0
        if parts.count == 2, !parts[1].isEmpty {
            guard let number = Int(parts[1]), (0..<16).contains(number) else { return nil }
            database = number
        }
        var (host, port) = (parts[0], 6379)
        if let colon = host.lastIndex(of: ":"), host.last != "]" {
            guard let number = UInt16(host[host.index(after: colon)...]), number > 0 else { return nil }
            port = Int(number)
            host = host[..<colon]
        }
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        guard !host.isEmpty, !host.contains(where: \.isWhitespace) else { return nil }
        place = .host(String(host), port: port)
        (self.user, self.password, self.database) = (user, password, database)
    }

    /// Without the password.
    public var description: String {
        switch place {
        case .unix(let path): return "redis+socket://\(path)?virtual_host=\(database)"
        case .host(let host, let port):
            let secret = user != nil || password != nil ? "\(user ?? ""):***@" : ""
            return "redis://\(secret)\(host.contains(":") ? "[\(host)]" : host):\(port)/\(database)"
        }
    }

    /// A text without its percent encoding (RFC 3986, section 2.1); `nil` where that is broken.
    private static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = rest.prefix(2)
            guard digits.count == 2, let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
            else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
