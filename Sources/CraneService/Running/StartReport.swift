import Crane

/// What an operator sees at the start: where the service is, what it serves from, and what to beware of.
public struct StartReport: Sendable {
    /// Pages to begin with, by a name of a word and their path: `("Docs", "/docs")`.
    public var pages: [(name: String, path: String)] = [("Docs", "/docs")]
    /// What the service works with, by a name of a word: `("Database", "links.db")`.
    public var facts: [(name: String, value: String)]
    /// What has been done at the start.
    public var events: [String]
    public var warnings: [String]

    public init(
        facts: [(name: String, value: String)] = [], events: [String] = [], warnings: [String] = []
    ) {
        self.facts = facts
        self.events = events
        self.warnings = warnings
    }

    /// The report for a terminal.
    func text(_ title: String, _ addresses: [BindAddress], workers: Int) -> String {
        var lines = [title, ""]
        for address in addresses {
            guard case .host = address else {
                lines.append(line("Address", "\(address)"))
                continue
            }
            lines.append(line("Address", "http://\(address)"))
            for page in pages { lines.append(line(page.name, "http://\(address)\(page.path)")) }
        }
        for fact in facts { lines.append(line(fact.name, fact.value)) }
        for event in events { lines.append(line("", event)) }
        lines.append(line("Workers", "\(workers)"))
        for warning in warnings { lines.append(line("Warning", warning)) }
        return lines.joined(separator: "\n") + "\n\nPress Ctrl-C to stop.\n"
    }

    /// The same as lines for systemd's journal (sd-daemon(3)).
    func journalLines(_ title: String, _ addresses: [BindAddress], workers: Int) -> String {
        let places = addresses.map(\.description).joined(separator: ", ")
        let facts = facts.map { ", \($0.name.lowercased()): \($0.value)" }.joined()
        var lines = ["<6>\(title) on \(places), workers: \(workers)\(facts)"]
        lines += events.map { "<6>\($0)" }
        lines += warnings.map { "<4>\($0)" }
        return lines.joined(separator: "\n") + "\n"
    }

    private func line(_ name: String, _ value: String) -> String {
        "  \(name)\(String(repeating: " ", count: max(1, 10 - name.count)))\(value)"
    }
}

extension ServerSettings {
    /// What to beware of in these settings, whose names begin with `prefix`.
    public func warnings(prefix: String) -> [String] {
        allowedHosts == nil ? ["every host name is answered to (\(prefix)ALLOWED_HOSTS)"] : []
    }
}
