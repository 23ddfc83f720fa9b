/// The prepared statements of one connection.
///
/// SQL written in the source is found by the address of its literal, a record's by its table, any other by its text.
struct StatementCache {
    /// More statements than a program has in its source; past it the one unused for longest goes.
    static let limit = 256
    private static let slots = 128

    /// What a record's statement does.
    enum Purpose: UInt {
        case find, add, insert, update, delete
    }

    /// What a statement is found by without its text.
    struct Key {
        fileprivate let first: UInt
        fileprivate let second: UInt
        /// Held, so that no other object gets one of the addresses.
        fileprivate let owner: AnyObject?
        fileprivate let other: AnyObject?

        /// SQL in the source: literals never move or go, and two that begin at one address end at the same NUL.
        init?(_ sql: StaticString) {
            guard sql.hasPointerRepresentation else { return nil }
            first = unsafe UInt(bitPattern: sql.utf8Start)
            second = 0
            owner = nil
            other = nil
        }

        /// What is done to a table, with values of a schema. Objects are aligned to 16 bytes.
        init(_ purpose: Purpose, _ table: AnyObject, _ schema: AnyObject? = nil) {
            first = UInt(bitPattern: ObjectIdentifier(table)) + purpose.rawValue
            second = schema.map { UInt(bitPattern: ObjectIdentifier($0)) } ?? 1
            owner = table
            other = schema
        }

        /// SQL that was put together once.
        init(_ sql: SQL) {
            first = UInt(bitPattern: ObjectIdentifier(sql))
            second = 1
            owner = sql
            other = nil
        }

        /// Addresses of 16 bytes' alignment have low bits that say little.
        fileprivate var slot: Int {
            let mixed = first ^ (second >> 3)
            return Int(truncatingIfNeeded: (mixed >> 4) ^ (mixed >> 11) ^ mixed) & (slots - 1)
        }
    }

    private struct Entry {
        let key: Key
        let statement: Statement
    }

    /// A direct-mapped table over `byText`: two keys of one slot take turns.
    private var byKey: [Entry?] = Array(repeating: nil, count: slots)
    private var byText: [String: Statement] = [:]
    private var clock: UInt64 = 0

    var count: Int { byText.count }

    mutating func statement(for key: Key) -> Statement? {
        guard let entry = byKey[key.slot], entry.key.first == key.first, entry.key.second == key.second else {
            return nil
        }
        stamp(entry.statement)
        return entry.statement
    }

    mutating func remember(_ statement: Statement, for key: Key) {
        byKey[key.slot] = Entry(key: key, statement: statement)
    }

    mutating func statement(for sql: String) -> Statement? {
        guard let statement = byText[sql] else {
            return nil
        }
        stamp(statement)
        return statement
    }

    mutating func insert(_ statement: Statement, for sql: String) {
        if byText.count >= Self.limit, let oldest = byText.min(by: { $0.value.lastUse < $1.value.lastUse }) {
            byText[oldest.key] = nil
            for index in byKey.indices where byKey[index]?.statement === oldest.value {
                byKey[index] = nil
            }
        }
        stamp(statement)
        byText[sql] = statement
    }

    /// Drops every statement: a connection that closes must have none.
    mutating func removeAll() {
        byKey = Array(repeating: nil, count: Self.slots)
        byText = [:]
    }

    private mutating func stamp(_ statement: Statement) {
        clock += 1
        statement.lastUse = clock
    }
}
