import CraneSystem
import Synchronization

/// The readers of a database: one for each loop, and some that all other threads share.
@usableFromInline
final class ReaderPool: Sendable {
    let loops: [Reader]
    private let others: [Reader]
    /// Whose turn it is when all are in use.
    private let turn = Atomic<UInt>(0)

    init(loops: [Reader], others: [Reader]) {
        self.loops = loops
        self.others = others
    }

    var all: [Reader] { loops + others }

    /// Takes the reader of the calling thread and makes the newest state visible; throws without one.
    @usableFromInline
    func begin() throws(DatabaseError) -> (Reader, Connection) {
        if let loop = CurrentLoop.index, loop < loops.count {
            let reader = loops[loop]
            return (reader, try reader.begin())
        }
        for reader in others {
            if let connection = try reader.beginIfFree() { return (reader, connection) }
        }
        let turn = turn.wrappingAdd(1, ordering: .relaxed).oldValue
        let reader = others[Int(turn % UInt(others.count))]
        return (reader, try reader.begin())
    }
}
