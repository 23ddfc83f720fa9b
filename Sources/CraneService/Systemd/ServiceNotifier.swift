import CraneSystem

/// Tells systemd how the service is, by the protocol of sd_notify(3): a datagram to the socket in `NOTIFY_SOCKET`.
///
/// Without systemd every call does nothing. Any thread; each blocks for a second at most.
package struct ServiceNotifier: Sendable {
    /// How often systemd wants to hear that the service lives; `nil` when it does not (sd_watchdog_enabled(3)).
    package let watchdogInterval: Duration?
    private let path: String?

    package init(environment: [String: String]) {
        path = environment["NOTIFY_SOCKET"].flatMap { $0.hasPrefix("/") || $0.hasPrefix("@") ? $0 : nil }
        // Another process may be meant.
        let isMeant = environment["WATCHDOG_PID"].map { $0 == String(getpid()) } ?? true
        let microseconds = environment["WATCHDOG_USEC"].flatMap { Int64($0) }
        watchdogInterval = microseconds.flatMap { isMeant && $0 > 0 ? .microseconds($0) : nil }
    }

    /// Every address is open and requests are answered; also the end of a reload.
    package func ready(_ status: String) {
        send("READY=1\nSTATUS=\(status)")
    }

    package func reloading() {
        send("RELOADING=1\nMONOTONIC_USEC=\(SystemTime.monotonic() / 1000)")
    }

    package func stopping(_ status: String) {
        send("STOPPING=1\nSTATUS=\(status)")
    }

    /// Every loop has come round.
    package func alive() {
        send("WATCHDOG=1")
    }

    private func send(_ message: String) {
        guard let path else { return }
        do {
            let address =
                try path.hasPrefix("@")
                ? UnixAddress(abstract: String(path.dropFirst())) : UnixAddress(path: path)
            let socket = try FileDescriptor.socket(AF_UNIX, SOCK_DGRAM)
            socket.setPatience(.seconds(1), for: [SO_SNDTIMEO])
            try socket.send(Array(message.utf8)[...], to: address)
        } catch {
            // sd_notify(3): a service goes on whether anybody hears it or not.
        }
    }
}
