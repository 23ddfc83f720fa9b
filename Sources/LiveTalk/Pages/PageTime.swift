import CraneSchema

/// Times as the pages say them before a script says them in the reader's own.
enum PageTime {
    /// Day and time in UTC.
    static func clock(_ time: Timestamp) -> String {
        // 2026-11-22T10:27:46.435673Z
        let text = "\(time)"
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(5)) UTC"
    }

    /// How long ago something was.
    static func ago(_ time: Timestamp, _ now: Timestamp, _ strings: PageStrings) -> String {
        let minutes = max(0, now.microseconds - time.microseconds) / 60_000_000
        switch minutes {
        case 0: return strings.text("just_now")
        case ..<60: return strings.text("minutes", ["n": minutes])
        case ..<1440: return strings.text("hours", ["n": minutes / 60])
        default: return strings.text("days", ["n": minutes / 1440])
        }
    }

    /// What is left of a time in seconds: `4:07 left`.
    static func left(_ seconds: Int, _ strings: PageStrings) -> String {
        let (minutes, rest) = max(0, seconds).quotientAndRemainder(dividingBy: 60)
        return strings.text("left", ["time": "\(minutes):\(rest < 10 ? "0" : "")\(rest)"])
    }
}
