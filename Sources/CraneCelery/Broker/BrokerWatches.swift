import Synchronization

/// The keys that transactions watch (`WATCH`), and how often each has changed; the writer's thread counts.
final class BrokerWatches: Sendable {
    private struct Watched {
        var version: UInt64 = 0
        var watchers = 0
    }

    private let keys = Mutex<[String: Watched]>([:])

    /// Begins to count the changes of a key; its version at this moment.
    func watch(_ name: String) -> UInt64 {
        keys.withLock { keys in
            keys[name, default: Watched()].watchers += 1
            return keys[name, default: Watched()].version
        }
    }

    func unwatch(_ names: some Sequence<String>) {
        keys.withLock { keys in
            for name in names {
                keys[name]?.watchers -= 1
                if keys[name]?.watchers == 0 { keys[name] = nil }
            }
        }
    }

    /// Counts what a write has changed. One that is undone is counted too, which costs a transaction another try.
    func touch(_ changes: BrokerChanges) {
        keys.withLock { keys in
            guard !keys.isEmpty else { return }
            for name in changes.touched { keys[name]?.version += 1 }
            guard changes.touchesTaken else { return }
            for name in keys.keys where name.hasSuffix("unacked") { keys[name]?.version += 1 }
        }
    }

    func isUnchanged(_ versions: [String: UInt64]) -> Bool {
        keys.withLock { keys in versions.allSatisfy { keys[$0.key]?.version == $0.value } }
    }
}
