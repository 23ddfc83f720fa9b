import CraneSystem

package enum Processors {
    /// The loops that `auto` makes at most: one alone serves ten thousand requests a second, and each has its memory.
    package static let autoLimit = 16

    /// The processors this process may run on, or has the time of, which is rounded up: at least 1, at most 256.
    package static var available: Int {
        let processors = allowed ?? Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        return count(of: processors, quota: quota)
    }

    static func count(of processors: Int, quota: Double?) -> Int {
        let whole = quota.map { Int(min($0.rounded(.up), 256)) } ?? 256
        return min(max(min(processors, whole), 1), 256)
    }

    private static var quota: Double? {
        guard let groups = text("/proc/self/cgroup"), let mounts = text("/proc/self/mountinfo") else {
            return nil
        }
        return ProcessorQuota.processors(groups: groups, mounts: mounts, read: text)
    }

    private static func text(_ path: String) -> String? {
        if case .text(let text) = TextFile.read(path) { text } else { nil }
    }

    /// The affinity mask knows what taskset and cpusets have taken away (proc(5), `Cpus_allowed`).
    private static var allowed: Int? {
        guard let status = text("/proc/self/status") else { return nil }
        let name = "Cpus_allowed:"
        guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix(name) }) else {
            return nil
        }
        return line.dropFirst(name.count).reduce(0) { $0 + ($1.hexDigitValue ?? 0).nonzeroBitCount }
    }
}
