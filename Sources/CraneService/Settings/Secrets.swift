/// What of a text must not be printed: passwords and tokens in URLs and connection strings.
package enum Secrets {
    /// The value of a setting with `***` in the place of its password; too much rather than too little is hidden.
    package static func masked(_ value: String) -> String {
        var text = value
        if let at = text.unicodeScalars.lastIndex(of: "@"), let userinfo = userinfo(of: text, before: at) {
            let user = text[userinfo].unicodeScalars.firstIndex(of: ":").map {
                text[userinfo.lowerBound...$0]
            }
            text = text[..<userinfo.lowerBound] + (user ?? "") + "***" + text[at...]
        }
        // The last is what secrets of webhooks begin with.
        for word in ["password=", "passwd=", "pwd=", "secret=", "token=", "key=", "whsec_"] {
            let folded = text.lowercased()
            guard folded.utf8.count == text.utf8.count, let range = folded.firstRange(of: word) else {
                continue
            }
            let count = folded.utf8.distance(from: folded.startIndex, to: range.upperBound)
            text = String(text.prefix(upTo: text.utf8.index(text.startIndex, offsetBy: count))) + "***"
        }
        return text
    }

    /// Where user and password stand, if what is before the sign can be that: paths of files may have such signs too.
    private static func userinfo(of text: String, before at: String.Index) -> Range<String.Index>? {
        guard let scheme = text.firstRange(of: "://")?.upperBound, scheme <= at else {
            let first = text[..<at].unicodeScalars.first { $0 == ":" || $0 == "/" }
            return first == ":" ? text.startIndex..<at : nil
        }
        // Without a host there is no user either (RFC 3986, section 3.2): sqlite:///a@b.db.
        return text[scheme] == "/" ? nil : scheme..<at
    }

    /// A message of several words, in which each word is masked.
    package static func masked(message: String) -> String {
        message.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.split(separator: " ", omittingEmptySubsequences: false)
                .map {
                    $0.contains("://") || $0.contains("@") || $0.contains("=") || $0.contains("whsec_")
                        ? masked(String($0)) : String($0)
                }
                .joined(separator: " ")
        }.joined(separator: "\n")
    }
}
