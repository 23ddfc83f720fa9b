import CraneSystem

extension DatabaseSnapshot {
    /// Looks for damage and for rows that refer to missing ones; reads the whole file.
    ///
    /// - Returns: one line for each problem, a hundred at most; none when all is well.
    public func problems() throws(DatabaseError) -> [String] {
        lock.lock()
        defer { lock.unlock() }
        try checkOpen()
        defer { connection.finishBody() }
        var problems: [String] = []
        let integrity = try connection.prepare("PRAGMA integrity_check(100)")
        while try integrity.step() {
            problems.append(integrity.text(at: 0))
        }
        if problems == ["ok"] {
            problems = []
        }
        let orphans = try connection.prepare("PRAGMA foreign_key_check")
        while problems.count < 100, try orphans.step() {
            problems.append(
                "row \(orphans.int(at: 1)) of \(orphans.text(at: 0)) refers to a missing row of "
                    + orphans.text(at: 2))
        }
        try unchanging?.check()
        return problems
    }
}
