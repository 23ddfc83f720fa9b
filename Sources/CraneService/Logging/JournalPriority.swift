import Logging

extension Logger.Level {
    /// What a line for systemd's journal begins with (sd-daemon(3), syslog(3)).
    var journalPriority: String {
        switch self {
        case .trace, .debug: "<7>"
        case .info: "<6>"
        case .notice: "<5>"
        case .warning: "<4>"
        case .error: "<3>"
        case .critical: "<2>"
        }
    }
}
