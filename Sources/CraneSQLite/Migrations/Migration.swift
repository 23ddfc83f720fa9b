/// One step of the schema: a script that runs once in each database, in the order of the numbers.
///
/// A migration that has been released must never change, as databases out there have run it; its checksum tells.
public struct Migration: Sendable, Hashable {
    /// The place in the order, from 1.
    public let number: Int
    /// What it does, in a few words.
    public let name: String
    /// The statements to run, without a transaction of their own.
    public let sql: String

    /// Where a database keeps which it has run.
    package static let tableName = "crane_migration"

    /// A step that runs this script.
    public init(_ number: Int, _ name: String, sql: String) {
        self.number = number
        self.name = name
        self.sql = sql
    }

    /// The script's 64-bit FNV-1a hash (RFC 9923), which guards against mistakes, not against malice.
    var checksum: Int64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        let bytes = sql.utf8.span
        for index in bytes.indices {
            hash = (hash ^ UInt64(bytes[index])) &* 0x100_0000_01B3
        }
        return Int64(bitPattern: hash)
    }
}

extension Migration {
    /// Whether a database has run a migration.
    public struct Status: Sendable, Hashable {
        /// The migration's number.
        public let number: Int
        /// The migration's name.
        public let name: String
        /// When it was applied, in UTC as `YYYY-MM-DDTHH:MM:SSZ`; nil when it is still to run.
        public let appliedAt: String?
    }
}
