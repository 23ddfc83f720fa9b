import CraneSystem

/// The file that a backup goes to: written under another name, and given its own when it is whole.
///
/// It is made anew, and written, checked and given away as the open file that it is: nobody who may change the directory
/// can turn this against another file.
package final class BackupFile {
    private static let partial = ".partial"
    /// The files beside a database that are read into it when it is opened.
    static let companions = ["-wal", "-shm", "-journal"]

    let place: FilePlace
    private let descriptor: FileDescriptor
    private var isPublished = false

    /// Makes the file, and takes the place of what a dead process has left of one.
    ///
    /// - Throws: `busy` when another backup writes it; `cannotOpen` for what must not be replaced: the database itself,
    ///   what belongs to a database, what is no plain file.
    init(at place: FilePlace, of source: Connection) throws(DatabaseError) {
        self.place = place
        guard !Self.isCompanion(place.name) else {
            throw DatabaseError(.cannotOpen, message: "the name is for a file that belongs to a database")
        }
        let watched = source.watchedFile()
        for suffix in ["", Self.partial] {
            guard let status = place.status(suffix) else { continue }
            guard FilePlace.isPlain(status) else {
                throw DatabaseError(.cannotOpen, message: "\(place.name)\(suffix) is no plain file")
            }
            if watched?.contains(FileIdentity(status)) == true {
                throw DatabaseError(.cannotOpen, message: "\(place.name)\(suffix) is the database itself")
            }
        }
        let ownership = FileOwnership(ofCopyAt: place, of: source.path)
        descriptor = try Self.created(place, ownership.mode)
        // Before there is anything in it to be read.
        ownership.apply(to: descriptor.number)
    }

    deinit {
        if !isPublished, holdsName { try? place.remove(Self.partial) }
    }

    /// Whether the name says that a file belongs to a database: its log, its index, its journals, a copy being made.
    package static func isCompanion(_ name: String) -> Bool {
        if (companions + [partial]).contains(where: name.hasSuffix) { return true }
        // A super-journal (https://sqlite.org/tempfiles.html) ends in -mj and nine hexadecimal digits.
        let end = name.utf8.suffix(12)
        return end.count == 12 && end.starts(with: "-mj".utf8)
            && end.dropFirst(3).allSatisfy { (48...57).contains($0) || (65...70).contains($0) }
    }

    /// A file of this process's making, locked.
    private static func created(_ place: FilePlace, _ mode: mode_t) throws(DatabaseError) -> FileDescriptor {
        // Who removes what is left of another's races only with others who do.
        for _ in 0..<10 {
            do {
                let made = try place.open(partial, O_RDWR | O_CREAT | O_EXCL, mode)
                try FileLock.take(made.number)
                if holds(place, made) { return made }
            } catch let error as SystemError where error.code == EEXIST {
                try removeLeft(place)
            } catch {
                throw failure(error)
            }
        }
        throw DatabaseError(.busy, message: "others write \(place.name)\(partial) too")
    }

    /// Removes what a dead process has left.
    private static func removeLeft(_ place: FilePlace) throws(DatabaseError) {
        do {
            let left = try place.open(partial, O_RDWR)
            try FileLock.take(left.number)
            if holds(place, left) { try? place.remove(partial) }
        } catch let error as SystemError where error.code == ENOENT {
            // Another has removed it.
        } catch let error as DatabaseError where error.kind == .locked {
            throw DatabaseError(.busy, message: "another backup writes \(place.name)\(partial)")
        } catch {
            throw failure(error)
        }
    }

    /// Writes the source's state into the file.
    func copy(_ source: Connection, progress: (Double) -> Void) throws(DatabaseError) {
        try source.copy(to: descriptor.number, progress: progress)
    }

    /// Has something else written into the file.
    func write(_ body: (Int32) throws -> Void) throws {
        try body(descriptor.number)
    }

    /// Gives the whole file its name, durably.
    ///
    /// `retire` is called just before, to let go of what has the name. A log that still lies there then is not removed,
    /// as it may be all that is left of a database, and not kept beside the new file either, into which it would be read.
    func publish(replacing: Bool, retire: () throws(DatabaseError) -> Void) throws(DatabaseError) {
        do { try descriptor.sync() } catch { throw Self.failure(error) }
        guard holdsName else {
            throw DatabaseError(.ioError, message: "\(place.name)\(Self.partial) has been removed")
        }
        try retire()
        try refuseLog()
        if let status = place.status(), !FilePlace.isPlain(status) {
            throw DatabaseError(.cannotOpen, message: "\(place.name) is no plain file")
        }
        do {
            try replacing ? place.rename(from: Self.partial) : place.renameToNew(from: Self.partial)
        } catch {
            throw Self.failure(error)
        }
        isPublished = true
        // The new name is on the disk when its directory is.
        place.sync()
    }

    /// Throws where a log or a journal would be read into the file.
    func refuseLog() throws(DatabaseError) {
        for suffix in ["-wal", "-journal"] where place.status(suffix) != nil {
            throw DatabaseError(
                .cannotOpen, message: "\(place.name)\(suffix) is there: it belongs to another database")
        }
    }

    private var holdsName: Bool { Self.holds(place, descriptor) }

    private static func holds(_ place: FilePlace, _ descriptor: borrowing FileDescriptor) -> Bool {
        place.status(partial).map(FileIdentity.init) == FileIdentity(descriptor)
    }

    private static func failure(_ error: any Error) -> DatabaseError {
        error as? DatabaseError ?? DatabaseError(.cannotOpen, message: "cannot write: \(error)")
    }
}
