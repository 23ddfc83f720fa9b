/// The prepared statements of one connection.
///
/// SQL written in the source is found by the address of its literal, a record's by its table, any other by its text.
struct StatementCache {
    /// More statements than a program has in its source; past it the one unused for longest goes.
    static let limit = 256
    private static let slotBits = 8

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

        /// Multiplied by 2^64 over the golden ratio: the high bits depend on all bits of an address.
        fileprivate var slot: Int {
            let mixed = (first ^ second << 1) &* 0x9E37_79B9_7F4A_7C15
            return Int(truncatingIfNeeded: mixed >> UInt(UInt.bitWidth - slotBits))
        }
    }

    /// A key in a slot, without what it holds: to compare it counts no reference.
    private struct Mark {
        let first: UInt
        let second: UInt

        /// That of no key, as none has the address 0.
        static let none = Mark(first: 0, second: 0)
    }

    /// A table over `byText` in which a key is in one of two slots beside each other; of three that
    /// share them two take turns.
    private var marks = Array(repeating: Mark.none, count: 1 << slotBits)
    private var byKey: [Statement?] = Array(repeating: nil, count: 1 << slotBits)
    /// What holds the addresses of each slot's key.
    private var owners: [(AnyObject?, AnyObject?)] = Array(repeating: (nil, nil), count: 1 << slotBits)
    private var byText: [String: Statement] = [:]
    private var clock: UInt64 = 0

    var count: Int { byText.count }

    mutating func statement(for key: Key) -> Statement? {
        let slot = key.slot
        guard let statement = statement(for: key, in: slot) ?? statement(for: key, in: slot ^ 1) else {
            return nil
        }
        stamp(statement)
        return statement
    }

    @inline(__always)
    private func statement(for key: Key, in slot: Int) -> Statement? {
        let mark = marks[slot]
        return mark.first == key.first && mark.second == key.second ? byKey[slot] : nil
    }

    mutating func remember(_ statement: Statement, for key: Key) {
        let slot = key.slot
        put(byKey[slot], marks[slot], owners[slot], in: slot ^ 1)
        put(statement, Mark(first: key.first, second: key.second), (key.owner, key.other), in: slot)
    }

    private mutating func put(
        _ statement: Statement?, _ mark: Mark, _ owners: (AnyObject?, AnyObject?), in slot: Int
    ) {
        byKey[slot] = statement
        marks[slot] = mark
        self.owners[slot] = owners
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
            for index in byKey.indices where byKey[index] === oldest.value {
                put(nil, .none, (nil, nil), in: index)
            }
        }
        stamp(statement)
        byText[sql] = statement
    }

    /// Drops every statement: a connection that closes must have none.
    mutating func removeAll() {
        for index in byKey.indices { put(nil, .none, (nil, nil), in: index) }
        byText = [:]
    }

    private mutating func stamp(_ statement: Statement) {
        clock += 1
        statement.lastUse = clock
    }
}
