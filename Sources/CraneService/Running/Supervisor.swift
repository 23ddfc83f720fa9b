import Crane
import CraneServer
import Dispatch
import Logging

/// Stands between the running server and the system that started it: says how it is, and reloads.
///
/// All but `begin` and `beginShutdown` happens on a queue of its own, so that no loop waits for a file or a socket.
final class Supervisor<Served: Service>: @unchecked Sendable {
    private let service: Served
    private let context: ServiceContext
    private let sources: SettingsSources<Served.Settings>
    private let notifier: ServiceNotifier
    private let queue = DispatchQueue(label: "crane.supervisor")
    private let ended = DispatchSemaphore(value: 0)
    // Touched on the queue only.
    private var settings: Served.Settings
    private var server: Server?
    private var status = ""
    private var isDraining = false
    /// Whether the loops have been asked and not all have come round.
    private var isAsking = false

    init(
        _ service: Served, _ context: ServiceContext, settings: Served.Settings,
        sources: SettingsSources<Served.Settings>, notifier: ServiceNotifier
    ) {
        self.service = service
        self.context = context
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
        DispatchQueue(label: "crane.watchdog").async { [self] in
            repeat {
                queue.async { [self] in feedWatchdog() }
            } while ended.wait(timeout: .now() + pause) == .timedOut
        }
    }

    /// The graceful shutdown begins; any thread.
    func beginShutdown() {
        context.readiness.beginDraining()
        service.shutdownBegan()
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
                try context.reopenLog()
                let reload = settings.reloaded(from: try sources.settings())
                settings = reload.settings
                server.replaceResponder(service.responder(for: settings, in: context))
                context.logger.notice("\(reload.description)")
            } catch {
                context.logger.error("not reloaded: \(error)")
            }
            notifier.ready(status)
        }
    }

    /// Opens the log file anew, as log rotation asks for; any thread.
    func reopenLog() {
        queue.async { [self] in
            do {
                try context.reopenLog()
                context.logger.notice("opened the log file anew")
            } catch {
                context.logger.error("the log file stays as it is: \(error)")
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
