/// Where a broker listens: `127.0.0.1:6399`, `[::1]:6399`, or the path of a Unix socket, which begins with a slash.
public enum BrokerAddress: Hashable, Sendable, CustomStringConvertible {
    case host(String, port: Int)
    /// A file that everybody of the service's group may connect to.
    case unix(String)

    /// Reads an address as it is written above; `nil` for anything else.
    public init?(_ text: String) {
        if text.hasPrefix("/") {
            // unix(7), `sun_path`.
            guard text.utf8.count <= 107, !text.utf8.contains(0) else { return nil }
            self = .unix(text)
            return
        }
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        guard !host.isEmpty, !host.utf8.contains(0), !host.contains("/") else { return nil }
        self = .host(String(host), port: Int(port))
    }

    /// Whether only this machine can connect.
    public var isLocal: Bool {
        switch self {
        case .unix: true
        case .host(let host, _): host == "localhost" || host == "::1" || host.hasPrefix("127.")
        }
    }

    public var description: String {
        switch self {
        case .host(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path): path
        }
    }

    /// The URL by which Celery finds it, without a password.
    public var celeryURL: String {
        switch self {
        case .host: "redis://\(self)/0"
        case .unix(let path): "redis+socket://\(path)?virtual_host=0"
        }
    }
}
