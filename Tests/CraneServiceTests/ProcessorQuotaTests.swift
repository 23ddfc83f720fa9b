import Testing

@testable import CraneService

@Suite("Processors by the quota of control groups")
struct ProcessorQuotaTests {
    private static let unified =
        "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n"
    private static let own =
        "36 25 0:31 / /sys/fs/cgroup/cpu,cpuacct rw shared:9 - cgroup cgroup rw,cpu,cpuacct\n"

    @Test("are what the group and those above it leave, of both versions")
    func tree() {
        func processors(_ groups: String, _ mounts: String, _ files: [String: String]) -> Double? {
            ProcessorQuota.processors(groups: groups, mounts: mounts) { files[$0] }
        }
        let service = "0::/system.slice/livetalk.service\n"
        let above = "/sys/fs/cgroup/system.slice"
        #expect(processors(service, Self.unified, [:]) == nil)
        #expect(processors(service, Self.unified, ["\(above)/cpu.max": "max 100000\n"]) == nil)
        #expect(
            processors(service, Self.unified, ["\(above)/livetalk.service/cpu.max": "150000 100000\n"]) == 1.5
        )
        let both = [
            "\(above)/livetalk.service/cpu.max": "400000 100000\n", "\(above)/cpu.max": "100000 50000\n",
        ]
        #expect(processors(service, Self.unified, both) == 2)
        // In a container: the group is the root of what is seen.
        #expect(processors("0::/\n", Self.unified, ["/sys/fs/cgroup/cpu.max": "50000 100000\n"]) == 0.5)
        // Version 1 in a container that knows the host's path, and the same seen from the host.
        let container = "12:memory:/docker/7\n4:cpu,cpuacct:/docker/7\n0::/docker/7\n"
        let seen = Self.own.replacing(" / ", with: " /docker/7 ")
        let root = "/sys/fs/cgroup/cpu,cpuacct"
        for (mount, folder) in [
            (seen, root), (Self.own, "\(root)/docker/7"), (Self.own.replacing("/ /", with: "/x /"), root),
        ] {
            let files = ["\(folder)/cpu.cfs_quota_us": "250000\n", "\(folder)/cpu.cfs_period_us": "100000\n"]
            #expect(processors(container, mount, files) == 2.5, "\(mount)")
            let none = ["\(folder)/cpu.cfs_quota_us": "-1\n", "\(folder)/cpu.cfs_period_us": "100000\n"]
            #expect(processors(container, mount, none) == nil)
        }
        // Another controller's hierarchy, a path that leads out of what is seen, and nonsense.
        let memory = Self.own.replacing("rw,cpu,cpuacct", with: "rw,memory")
        #expect(
            processors(
                container, memory, ["\(root)/cpu.cfs_quota_us": "1", "\(root)/cpu.cfs_period_us": "1"]) == nil
        )
        #expect(processors("0::/../../x\n", Self.unified, ["/sys/fs/cgroup/../../x/cpu.max": "1 1"]) == nil)
        #expect(processors("x\n\n0:/\n", "a - b\n\n-\n", [:]) == nil)
    }

    @Test(
        "are read as they stand",
        arguments: [
            ("150000 100000\n", 1.5), ("max 100000\n", nil), ("100000 100000", 1), ("0 100000", nil),
            ("-1 100000", nil),
            ("100000 0", nil), ("100000", nil), ("", nil), ("1 2 3", nil), ("9223372036854775808 1", nil),
            ("a b", nil),
        ] as [(String, Double?)])
    func maximum(text: String, expected: Double?) {
        #expect(ProcessorQuota.quota(maximum: text) == expected)
    }

    @Test(
        "are rounded up, and never more than there are",
        arguments: [
            (8, nil, 8), (8, 1.5, 2), (8, 0.1, 1), (8, 2, 2), (2, 64, 2), (0, nil, 1), (1000, nil, 256),
            (1000, 1e300, 256),
        ] as [(Int, Double?, Int)])
    func rounded(processors: Int, quota: Double?, expected: Int) {
        #expect(Processors.count(of: processors, quota: quota) == expected)
    }
}
