/// Where a program listens.
struct ProgramAddress: Hashable, Sendable {
    var host = "127.0.0.1"
    var port = 8000

    /// Where Crane listens unless it is told otherwise by these arguments.
    init(arguments: [String]) {
        for (flag, value) in zip(arguments, arguments.dropFirst()) {
            if flag == "--port", let port = Int(value), 1...65535 ~= port { self.port = port }
            if flag == "--host" { host = value }
        }
    }

    /// The first address that a program's first lines name: `listening on http://127.0.0.1:8000`, or `Address   http://[::1]:8000`.
    init?(in text: String) {
        guard
            let found = text.firstMatch(
                of: /(?:listening on|Address) +http:\/\/(\[[^\]\s]+\]|[^:\s]+):(\d+)\s/),
            let port = Int(found.2)
        else { return nil }
        host = found.1.hasPrefix("[") ? String(found.1.dropFirst().dropLast()) : String(found.1)
        self.port = port
    }
}
