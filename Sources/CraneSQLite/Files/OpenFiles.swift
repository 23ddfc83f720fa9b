import CraneSystem
import Synchronization

/// The database files that this process has open, and how often.
///
/// Closing any descriptor of a file drops the process's POSIX locks on it, which are SQLite's
/// (https://sqlite.org/howtocorrupt.html, section 2.2). So a descriptor of a database that is not SQLite's own is
/// closed after the last connection only.
enum OpenFiles {
    private struct Entry {
        let identity: FileIdentity
        var uses = 0
        var isOwned = false
        var descriptors: [Int32] = []
    }

    // A handful in any process: to look through them costs less than to hash.
    private static let entries = Mutex<[Entry]>([])

    /// Counts a use of the file, which `leave` ends; called before the file is opened.
    static func enter(_ identity: FileIdentity) {
        entries.withLock { $0[index(of: identity, &$0)].uses += 1 }
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
            let entry = entries.first { $0.identity == known }
            let left = entry?.descriptors.first
            if left != nil, entry?.isOwned == true { throw taken }
            let descriptor = if let left { left } else { try open() }
            guard let identity = FileIdentity(BorrowedDescriptor(descriptor)) else {
                throw DatabaseError(.cannotOpen, .last)
            }
            let index = index(of: identity, &entries)
            if left == nil { entries[index].descriptors.append(descriptor) }
            guard !entries[index].isOwned else { throw taken }
            entries[index].uses += 1
            entries[index].isOwned = true
            return (descriptor, identity)
        }
    }

    /// Ends what `own` began; `release` lets the lock go before.
    static func disown(_ identity: FileIdentity, release: () -> Void) {
        entries.withLock { entries in
            release()
            entries[index(of: identity, &entries)].isOwned = false
            leave(identity, &entries)
        }
    }

    static var taken: DatabaseError {
        DatabaseError(.locked, message: "another process or Database has this database open to write")
    }

    /// Where the file's entry is, a new one if there was none.
    private static func index(of identity: FileIdentity, _ entries: inout [Entry]) -> Int {
        if let index = entries.firstIndex(where: { $0.identity == identity }) { return index }
        entries.append(Entry(identity: identity))
        return entries.count - 1
    }

    private static func leave(_ identity: FileIdentity, _ entries: inout [Entry]) {
        guard let index = entries.firstIndex(where: { $0.identity == identity }) else { return }
        entries[index].uses -= 1
        if entries[index].uses <= 0 {
            for descriptor in entries.remove(at: index).descriptors { _ = close(descriptor) }
        }
    }
}
