import CraneServer
import LiveTalk

/// What an operator sees at the start: where the service is, what it serves from, and what to beware of.
struct Banner {
    let settings: Settings
    let addresses: [BindAddress]
    let migrations: [String]
    let hazards: [String]

    var text: String {
        var lines = ["\(LiveTalkApp.name) \(LiveTalkApp.version)", ""]
        for address in addresses {
            guard case .host = address else {
                lines.append(line("Address", "\(address)"))
                continue
            }
            lines.append(line("Address", "http://\(address)"))
            lines.append(line("Docs", "http://\(address)/docs"))
        }
        lines.append(line("Database", settings.databaseURL.description))
        if !migrations.isEmpty { lines.append(line("", "migrated: \(migrations.joined(separator: ", "))")) }
        lines.append(line("Workers", "\(settings.workers)"))
        for warning in warnings { lines.append(line("Warning", warning)) }
        return lines.joined(separator: "\n") + "\n\nPress Ctrl-C to stop.\n"
    }

    /// The same as lines for systemd's journal (sd-daemon(3)).
    var journalLines: String {
        let places = addresses.map(\.description).joined(separator: ", ")
        let name = "\(LiveTalkApp.name) \(LiveTalkApp.version)"
        var lines = [
            "<6>\(name) on \(places), workers: \(settings.workers), database: \(settings.databaseURL)"
        ]
        if !migrations.isEmpty { lines.append("<6>migrated: \(migrations.joined(separator: ", "))") }
        lines += warnings.map { "<4>\($0)" }
        return lines.joined(separator: "\n") + "\n"
    }

    private func line(_ name: String, _ value: String) -> String {
        "  \(name)\(String(repeating: " ", count: 10 - name.count))\(value)"
    }

    private var isLocal: Bool {
        settings.unixSocket != nil || settings.host == "localhost" || settings.host == "::1"
            || settings.host.hasPrefix("127.")
    }

    private var warnings: [String] {
        var warnings: [String] = []
        if settings.demoUser {
            warnings.append("the demo user with its well-known password is let in (LIVETALK_DEMO_USER)")
        }
        if settings.demoRoutes, !isLocal {
            warnings.append("the talk's demo routes are open; one blocks its loop (LIVETALK_DEMO_ROUTES)")
        }
        if settings.benchmarkRoutes {
            warnings.append("the benchmark's routes are open (LIVETALK_BENCHMARK_ROUTES)")
        }
        if settings.allowedHosts == nil {
            warnings.append("every host name is answered to (LIVETALK_ALLOWED_HOSTS)")
        }
        if settings.databaseURL == .memory {
            warnings.append("comments are in memory only and go when the service ends")
        }
        warnings += hazards.map { "\(settings.databaseURL): \($0)" }
        if settings.sqliteSynchronous == .normal {
            warnings.append("a power failure can take the last comments (LIVETALK_SQLITE_SYNCHRONOUS)")
        }
        return warnings
    }
}
