import CraneSystem

/// Tells systemd how the service is, by the protocol of sd_notify(3): a datagram to the socket in `NOTIFY_SOCKET`.
///
/// Without systemd every call does nothing. Any thread; each blocks for a second at most.
public struct ServiceNotifier: Sendable {
    /// How often systemd wants to hear that the service lives; `nil` when it does not (sd_watchdog_enabled(3)).
    public let watchdogInterval: Duration?
    private let path: String?

    public init(environment: [String: String]) {
        path = environment["NOTIFY_SOCKET"].flatMap { $0.hasPrefix("/") || $0.hasPrefix("@") ? $0 : nil }
        // Another process may be meant.
        let isMeant = environment["WATCHDOG_PID"].map { $0 == String(getpid()) } ?? true
        let microseconds = environment["WATCHDOG_USEC"].flatMap { Int64($0) }
        watchdogInterval = microseconds.flatMap { isMeant && $0 > 0 ? .microseconds($0) : nil }
    }

    /// Every address is open and requests are answered; also the end of a reload.
    public func ready(_ status: String) {
        send("READY=1\nSTATUS=\(status)")
    }

    public func reloading() {
        send("RELOADING=1\nMONOTONIC_USEC=\(SystemTime.monotonic() / 1000)")
    }

    public func stopping(_ status: String) {
        send("STOPPING=1\nSTATUS=\(status)")
    }

    /// Every loop has come round.
    public func alive() {
        send("WATCHDOG=1")
    }

    private func send(_ message: String) {
        guard let path, var address = Self.address(path) else { return }
        let socket = Self.datagramSocket()
        guard socket >= 0 else { return }
        defer { close(socket) }
        var patience = timeval(tv_sec: 1, tv_usec: 0)
        _ = unsafe setsockopt(
            socket, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        // An abstract name has no end mark: its length counts (unix(7)).
        let start = MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? 2
        let length = socklen_t(start + path.utf8.count)
        var message = message
        // The bytes and the address outlive the call.
        message.withUTF8 { bytes in
            unsafe withUnsafePointer(to: &address) { address in
                unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                    _ = unsafe sendto(socket, bytes.baseAddress, bytes.count, 0, address, length)
                }
            }
        }
    }

    /// `@name` stands for the abstract name that begins with a zero byte; `nil` when the path is too long.
    private static func address(_ path: String) -> sockaddr_un? {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var bytes = Array(path.utf8)
        if bytes.first == UInt8(ascii: "@") { bytes[0] = 0 }
        let fits = unsafe withUnsafeMutableBytes(of: &address.sun_path) { room in
            guard bytes.count < room.count else { return false }
            unsafe room.copyBytes(from: bytes)
            return true
        }
        return fits ? address : nil
    }

    private static func datagramSocket() -> Int32 {
        socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    }
}
