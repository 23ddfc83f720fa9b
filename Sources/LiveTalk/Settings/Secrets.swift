/// What of a text must not be printed: passwords and tokens in URLs and connection strings.
public enum Secrets {
    /// The value of a setting with `***` in the place of its password; too much rather than too little is hidden.
    public static func masked(_ value: String) -> String {
        var text = value
        if let at = text.unicodeScalars.lastIndex(of: "@") {
            let scheme = text.firstRange(of: "://")?.upperBound ?? text.startIndex
            if scheme < at {
                let user = text[scheme..<at].unicodeScalars.firstIndex(of: ":").map { text[scheme...$0] }
                text = text[..<scheme] + (user ?? "") + "***" + text[at...]
            }
        }
        for word in ["password", "passwd", "pwd", "secret", "token", "key"] {
            let folded = text.lowercased()
            guard folded.utf8.count == text.utf8.count, let range = folded.firstRange(of: word + "=") else {
                continue
            }
            let count = folded.utf8.distance(from: folded.startIndex, to: range.upperBound)
            text = String(text.prefix(upTo: text.utf8.index(text.startIndex, offsetBy: count))) + "***"
        }
        return text
    }

    /// A message of several words, in which each word is masked.
    public static func masked(message: String) -> String {
        message.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.split(separator: " ", omittingEmptySubsequences: false)
                .map {
                    $0.contains("://") || $0.contains("@") || $0.contains("=")
                        ? masked(String($0)) : String($0)
                }
                .joined(separator: " ")
        }.joined(separator: "\n")
    }
}
