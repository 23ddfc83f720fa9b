import Crane
import CraneServer
import CraneService
import Dispatch
import LiveTalk
import Logging

/// Stands between the running server and the system that started it: says how it is, and reloads.
///
/// All but `begin` and `beginShutdown` happens on a queue of its own, so that no loop waits for a file or a socket.
final class Supervisor: @unchecked Sendable {
    private let app: LiveTalkApp
    private let sources: SettingsSources
    private let notifier: ServiceNotifier
    private let queue = DispatchQueue(label: "livetalk.supervisor")
    private let ended = DispatchSemaphore(value: 0)
    // Touched on the queue only.
    private var settings: Settings
    private var server: Server?
    private var status = ""
    private var isDraining = false
    /// Whether the loops have been asked and not all have come round.
    private var isAsking = false

    init(app: LiveTalkApp, settings: Settings, sources: SettingsSources, notifier: ServiceNotifier) {
        self.app = app
        self.settings = settings
        self.sources = sources
        self.notifier = notifier
    }

    /// The server answers: tells systemd so, and feeds its watchdog from now on.
    func begin(_ server: Server, addresses: [BindAddress]) {
        queue.sync {
            self.server = server
            status = "Answering on \(addresses.map(\.description).joined(separator: ", "))"
            notifier.ready(status)
        }
        if let interval = notifier.watchdogInterval { startFeeding(every: interval) }
    }

    /// Half of the interval is advised (sd_watchdog_enabled(3)); a third leaves room for a loop that is late.
    private func startFeeding(every interval: Duration) {
        let parts = (interval / 3).components
        let pause = DispatchTimeInterval.nanoseconds(
            Int(parts.seconds * 1_000_000_000 + parts.attoseconds / 1_000_000_000))
        DispatchQueue(label: "livetalk.watchdog").async { [self] in
            repeat {
                queue.async { [self] in feedWatchdog() }
            } while ended.wait(timeout: .now() + pause) == .timedOut
        }
    }

    /// The graceful shutdown begins; any thread.
    func beginShutdown() {
        app.beginShutdown()
        queue.async { [self] in
            isDraining = true
            notifier.stopping("Finishing the requests that run")
        }
    }

    /// Reads the settings again and opens the log file anew, unless the service ends; any thread.
    func reload() {
        queue.async { [self] in
            // READY after STOPPING would be untrue.
            guard let server, !isDraining else { return }
            notifier.reloading()
            do {
                try app.reopenLog()
                let reload = settings.reloaded(from: try sources.settings())
                settings = reload.settings
                server.replaceResponder(app.responder(for: settings))
                app.logger.notice("\(reload.description)")
            } catch {
                app.logger.error("not reloaded: \(error)")
            }
            notifier.ready(status)
        }
    }

    /// Opens the log file anew, as log rotation asks for; any thread.
    func reopenLog() {
        queue.async { [self] in
            do {
                try app.reopenLog()
                app.logger.notice("opened the log file anew")
            } catch {
                app.logger.error("the log file stays as it is: \(error)")
            }
        }
    }

    /// One loop that is stuck is enough for systemd to hear nothing more.
    private func feedWatchdog() {
        guard let server, !isAsking else { return }
        isAsking = true
        server.afterEveryLoop { [self] in
            queue.async { [self] in
                isAsking = false
                notifier.alive()
            }
        }
    }

    /// The server has ended: nothing is said any more.
    func end() {
        ended.signal()
        queue.sync { server = nil }
    }
}
