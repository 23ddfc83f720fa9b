import Synchronization

/// A state of the database, as the connection that writes it knows it: while two of them are equal nothing has changed in between.
public struct ContentVersion: Hashable, Sendable {
    let connection: UInt64
    let changes: Int64
    let undone: Int
}

extension Connection {
    /// The state that a body of a write finds, or leaves behind: what one has read of it is still true for the next one that finds the
    /// same.
    ///
    /// Rows are what counts, whoever changes them, and what was undone: no other process can write, as the file is owned. Changes of the
    /// schema do not show, nor does what a body undoes itself by a savepoint of its own. Some 10 ns.
    public var contentVersion: ContentVersion {
        ContentVersion(connection: number, changes: totalChanges, undone: undone)
    }

    /// A number that no other connection of the process has.
    static func nextNumber() -> UInt64 {
        numbers.wrappingAdd(1, ordering: .relaxed).newValue
    }

    private static let numbers = Atomic<UInt64>(0)
}
