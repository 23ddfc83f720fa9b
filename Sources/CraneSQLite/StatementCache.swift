/// The prepared statements of one connection.
///
/// SQL written in the source is found by the address of its literal, any other by its text.
struct StatementCache {
    /// More statements than a program has in its source; past it the one unused for longest goes.
    static let limit = 256
    private static let slots = 128

    private struct Literal {
        let start: UInt
        let statement: Statement
    }

    /// A direct-mapped table over `byText`: two literals of one slot take turns.
    private var byLiteral: [Literal?] = Array(repeating: nil, count: slots)
    private var byText: [String: Statement] = [:]
    private var clock: UInt64 = 0

    var count: Int { byText.count }

    mutating func statement(for sql: StaticString) -> Statement? {
        guard let start = address(of: sql), let literal = byLiteral[slot(of: start)], literal.start == start
        else { return nil }
        stamp(literal.statement)
        return literal.statement
    }

    mutating func remember(_ statement: Statement, for sql: StaticString) {
        if let start = address(of: sql) {
            byLiteral[slot(of: start)] = Literal(start: start, statement: statement)
        }
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
            for index in byLiteral.indices where byLiteral[index]?.statement === oldest.value {
                byLiteral[index] = nil
            }
        }
        stamp(statement)
        byText[sql] = statement
    }

    /// Drops every statement: a connection that closes must have none.
    mutating func removeAll() {
        byLiteral = Array(repeating: nil, count: Self.slots)
        byText = [:]
    }

    private mutating func stamp(_ statement: Statement) {
        clock += 1
        statement.lastUse = clock
    }

    /// Literals never move or go, and two that begin at one address end at the same NUL.
    private func address(of sql: StaticString) -> UInt? {
        sql.hasPointerRepresentation ? unsafe UInt(bitPattern: sql.utf8Start) : nil
    }

    private func slot(of address: UInt) -> Int {
        // Literals are aligned to 16 bytes when they are long, so the low bits say little.
        Int(truncatingIfNeeded: (address >> 4) ^ (address >> 11)) & (Self.slots - 1)
    }
}
