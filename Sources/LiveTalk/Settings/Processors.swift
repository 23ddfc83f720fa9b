#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

enum Processors {
    /// The loops that `auto` makes at most: one alone serves ten thousand requests a second, and each has its memory.
    static let autoLimit = 16

    /// The processors this process may run on: at least 1, at most 256.
    static var available: Int {
        min(max(allowed ?? Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))), 1), 256)
    }

    /// The affinity mask knows what taskset and cpusets have taken away (proc(5), `Cpus_allowed`).
    private static var allowed: Int? {
        guard case .text(let status) = TextFile.read("/proc/self/status") else { return nil }
        let name = "Cpus_allowed:"
        guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix(name) }) else {
            return nil
        }
        return line.dropFirst(name.count).reduce(0) { $0 + ($1.hexDigitValue ?? 0).nonzeroBitCount }
    }
}
