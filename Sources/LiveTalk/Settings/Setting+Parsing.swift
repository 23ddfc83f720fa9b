extension Setting {
    static func parseText(_ text: String) -> String? {
        text.isEmpty || text.contains("\0") ? nil : text
    }

    static func parseInteger(_ text: String, in range: ClosedRange<Int>) -> Int? {
        guard let value = Int(text), range.contains(value) else { return nil }
        return value
    }

    static func parseBool(_ text: String) -> Bool? {
        switch text.lowercased() {
        case "true", "1", "yes", "on": true
        case "false", "0", "no", "off": false
        default: nil
        }
    }

    /// The items between the commas, without the spaces around them; an empty text is an empty list.
    static func parseList(_ text: String) -> [String] {
        text.split(separator: ",").map(trimmed).filter { !$0.isEmpty }
    }

    static func parseHosts(_ text: String) -> [String]?? {
        let hosts = parseList(text)
        if hosts.isEmpty { return .none }
        return .some(hosts.contains("*") ? nil : hosts)
    }

    static func parseRate(_ text: String) -> Settings.RateRule?? {
        if text.lowercased() == "off" { return .some(nil) }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let count = parseInteger(trimmed(parts[0]), in: 1...1_000_000_000),
            let seconds = parseInteger(trimmed(parts[1]), in: 1...86400)
        else { return .none }
        return .some(Settings.RateRule(count: count, seconds: seconds))
    }

    static func parseAccessLog(_ text: String) -> Settings.AccessLog? {
        switch text {
        case "off": .off
        case "stderr": .standardError
        default: parseText(text).map { .file($0) }
        }
    }

    static func parseSeconds(_ text: String) -> Duration? {
        guard let seconds = Double(text), (0...3600).contains(seconds) else { return nil }
        return .seconds(seconds)
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }
}
