/// The processors' time that control groups leave a process (cgroups(7)): containers and `CPUQuota=` are made of it.
enum ProcessorQuota {
    /// The least quota of the process's group and of those above it, in processors; `nil` when none has one.
    ///
    /// Both versions count, as the CPU controller may be in either.
    /// - Parameters:
    ///   - groups: `/proc/self/cgroup`.
    ///   - mounts: `/proc/self/mountinfo` (proc(5)).
    ///   - read: the text of a file, if it is there.
    static func processors(groups: String, mounts: String, read: (String) -> String?) -> Double? {
        let mounts = mounts.split(separator: "\n").compactMap(Mount.init)
        return groups.split(separator: "\n").flatMap { line -> [Double] in
            // 0::/path of version 2, 4:cpu,cpuacct:/path of version 1.
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { return [] }
            let isUnified = parts[1].isEmpty
            guard isUnified || parts[1].split(separator: ",").contains("cpu") else { return [] }
            return mounts.filter { $0.isUnified == isUnified }.flatMap { mount in
                mount.folders(of: parts[2]).compactMap { folder in
                    isUnified
                        ? quota(maximum: read("\(folder)/cpu.max"))
                        : quota(read("\(folder)/cpu.cfs_quota_us"), of: read("\(folder)/cpu.cfs_period_us"))
                }
            }
        }.min()
    }

    /// Of `150000 100000`, or `max 100000` for none.
    static func quota(maximum text: String?) -> Double? {
        let parts = text?.split { $0 == " " || $0 == "\n" } ?? []
        guard parts.count == 2 else { return nil }
        return quota(String(parts[0]), of: String(parts[1]))
    }

    /// Of microseconds in each period; -1 for none.
    static func quota(_ quota: String?, of period: String?) -> Double? {
        func number(_ text: String?) -> Double? {
            text.flatMap { Int($0.filter { $0 != "\n" }) }.flatMap { $0 > 0 ? Double($0) : nil }
        }
        guard let quota = number(quota), let period = number(period) else { return nil }
        return quota / period
    }

    /// A mounted hierarchy of groups that may have the CPU controller.
    private struct Mount {
        let isUnified: Bool
        /// The group that is seen at the mount's place.
        let root: String
        let place: String

        /// A line of mountinfo: `30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw`.
        init?(_ line: Substring) {
            let fields = line.split(separator: " ").map(String.init)
            guard let mark = fields.firstIndex(of: "-"), mark >= 6, fields.count > mark + 3 else {
                return nil
            }
            switch fields[mark + 1] {
            case "cgroup2": isUnified = true
            case "cgroup" where fields[mark + 3].split(separator: ",").contains("cpu"): isUnified = false
            default: return nil
            }
            (root, place) = (fields[3], fields[4])
        }

        /// Where the group and those above it lie, as far as they are seen here; in a container the path may be the host's.
        func folders(of group: Substring) -> [String] {
            var names = group.split(separator: "/")
            let above = root.split(separator: "/")
            names = names.starts(with: above) ? Array(names.dropFirst(above.count)) : []
            if names.contains("..") { names = [] }
            return (0...names.count).map { count in
                ([place] + names.prefix(count).map(String.init)).joined(separator: "/")
            }
        }
    }
}
