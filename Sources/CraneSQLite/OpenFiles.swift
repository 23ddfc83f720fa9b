import CraneSystem
import Synchronization

/// The database files that this process has open, and how often.
///
/// Closing any descriptor of a file drops the process's POSIX locks on it, which are SQLite's
/// (https://sqlite.org/howtocorrupt.html, section 2.2). So a descriptor of a database that is not SQLite's own is
/// closed after the last connection only.
enum OpenFiles {
    private struct Entry {
        var uses = 0
        var isOwned = false
        var descriptors: [Int32] = []
    }

    private static let entries = Mutex<[FileIdentity: Entry]>([:])

    /// Counts a use of the file, which `leave` ends; called before the file is opened.
    static func enter(_ identity: FileIdentity) {
        entries.withLock { $0[identity, default: Entry()].uses += 1 }
    }

    /// Ends a use of the file; the last one closes what `own` has opened of it.
    static func leave(_ identity: FileIdentity) {
        entries.withLock { leave(identity, &$0) }
    }

    /// Opens the file to lock it, and counts the use, which `disown` ends.
    ///
    /// - Throws: `locked` when it is owned in this process already; what `open` throws.
    static func own(
        _ known: FileIdentity?, opening open: () throws(DatabaseError) -> Int32
    ) throws(DatabaseError) -> (descriptor: Int32, identity: FileIdentity) {
        try entries.withLock { entries throws(DatabaseError) in
            // As long as a snapshot lasts, the last owner's descriptor is still there.
            let left = known.flatMap { entries[$0]?.descriptors.first }
            if left != nil, let known, entries[known]?.isOwned == true { throw taken }
            let descriptor = if let left { left } else { try open() }
            guard let identity = FileIdentity(BorrowedDescriptor(descriptor)) else {
                throw DatabaseError(.cannotOpen, .last)
            }
            var entry = entries[identity] ?? Entry()
            defer { entries[identity] = entry }
            if left == nil { entry.descriptors.append(descriptor) }
            guard !entry.isOwned else { throw taken }
            entry.uses += 1
            entry.isOwned = true
            return (descriptor, identity)
        }
    }

    /// Ends what `own` began; `release` lets the lock go before.
    static func disown(_ identity: FileIdentity, release: () -> Void) {
        entries.withLock { entries in
            release()
            entries[identity]?.isOwned = false
            leave(identity, &entries)
        }
    }

    static var taken: DatabaseError {
        DatabaseError(.locked, message: "another process or Database has this database open to write")
    }

    private static func leave(_ identity: FileIdentity, _ entries: inout [FileIdentity: Entry]) {
        guard var entry = entries.removeValue(forKey: identity) else { return }
        entry.uses -= 1
        if entry.uses > 0 {
            entries[identity] = entry
        } else {
            for descriptor in entry.descriptors { _ = close(descriptor) }
        }
    }
}
