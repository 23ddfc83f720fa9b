import CSQLite
import Synchronization

/// SQLite's own file system, with a record of what goes to the disk in which order, and faults on demand.
///
/// Files are the system's; of their methods, those that write are replaced.
@safe
final class RecordingDisk: Sendable {
    /// What happened, in the order in which it did.
    enum Event {
        case create(path: String)
        case write(path: String, offset: Int, bytes: [UInt8])
        case truncate(path: String, size: Int)
        /// All that was written to the file so far is on the disk.
        case sync(path: String)
        case delete(path: String)
        /// The caller of the write with this number has its response.
        case answer(Int)
    }

    /// What every call of a kind answers from now on, instead of doing its work.
    struct Faults {
        var write: Int32 = SQLITE_OK
        var sync: Int32 = SQLITE_OK
        var read: Int32 = SQLITE_OK
    }

    /// A disk that says it has synced, and has not.
    let liesAboutSync: Bool
    let name: String
    private let state = Mutex((events: [Event](), faults: Faults()))

    init(liesAboutSync: Bool = false) {
        self.liesAboutSync = liesAboutSync
        name = RecordingFileSystem.register()
        RecordingFileSystem.registry.withLock { $0.disks[name] = self }
    }

    var events: [Event] { state.withLock { $0.events } }

    var faults: Faults {
        get { state.withLock { $0.faults } }
        set { state.withLock { $0.faults = newValue } }
    }

    func record(_ event: Event) {
        if liesAboutSync, case .sync = event {
            return
        }
        state.withLock { $0.events.append(event) }
    }

    /// Takes the disk's name out of SQLite, after the last file has been closed.
    func unregister() {
        RecordingFileSystem.unregister(name)
    }
}
