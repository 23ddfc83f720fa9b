import CSQLite
import CraneSystem

extension Connection {
    /// Writes the whole database into an empty file that is open, as one that needs no log and can be read from anywhere, and reads it
    /// once to see that it is sound.
    ///
    /// What it costs is a few MiB of memory; the caller syncs the file. Throws `corrupt` for a damaged copy, such as one of a damaged database.
    func copy(to descriptor: Int32, progress: (Double) -> Void) throws(DatabaseError) {
        let target = try Connection(.descriptor(descriptor), isReader: false)
        defer { target.close() }
        // The copy is of no use until it is whole, so nothing has to be undone.
        try target.run("PRAGMA journal_mode = OFF")
        try target.run("PRAGMA synchronous = OFF")
        let copy = try BackupCopy(from: self, to: target)
        while try copy.step(pages: 256) {
            progress(copy.progress)
        }
        copy.finish()
        target.close()
        try Self.markLogless(descriptor)
        try Self.check(descriptor)
        progress(1)
    }

    /// Throws for a file whose pages are damaged; what indexes say is not compared with their tables.
    private static func check(_ descriptor: Int32) throws(DatabaseError) {
        let copy = try Connection(.descriptor(descriptor), isReader: true)
        defer { copy.close() }
        let check = try copy.prepare("PRAGMA quick_check(1)")
        guard try check.step() else { return }
        let problem = check.text(at: 0)
        if problem != "ok" { throw DatabaseError(.corrupt, message: "the copy is damaged: \(problem)") }
    }

    /// Takes out of a database's header that it has a log (https://sqlite.org/fileformat2.html, section 1.3.3).
    static func markLogless(_ descriptor: Int32) throws(DatabaseError) {
        do {
            try BorrowedDescriptor(descriptor).write([1, 1], at: 18)
        } catch {
            throw DatabaseError(.ioError, error, prefix: "cannot write: ")
        }
    }
}
