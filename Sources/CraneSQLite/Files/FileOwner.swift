import CraneSystem

/// The right to write to a database file: this process's alone while the value lives, by whatever name others come.
///
/// SQLite's own locks of a WAL are in the `-shm` file beside the name, so they say nothing to who comes by a hard link or
/// another mount of the file, and go when somebody removes that file. This lock is on the file itself.
final class FileOwner {
    let place: FilePlace
    let identity: FileIdentity
    private let descriptor: Int32

    /// Takes the file, which is made, for its owner and readable to its group, where there is none and `creating`.
    ///
    /// - Throws: `locked` when another has it; `cannotOpen`, `readOnly`, `ioError`.
    init(_ place: FilePlace, creating: Bool) throws(DatabaseError) {
        self.place = place
        if let status = place.status(), !FilePlace.isPlain(status) { throw Self.notPlain }
        let flags = O_RDWR | (creating ? O_CREAT : 0)
        (descriptor, identity) = try OpenFiles.own(place.status().map(FileIdentity.init)) {
            () throws(DatabaseError) in
            do throws(SystemError) {
                return try place.open("", flags, 0o640).take()
            } catch {
                throw Self.failure(place, error)
            }
        }
        do {
            try FileLock.take(descriptor)
        } catch {
            throw error.kind == .locked ? OpenFiles.taken : error
        }
        // Its last owner may have replaced the file between the two calls.
        guard holdsName else {
            throw DatabaseError(.moved, message: "the file has just been replaced: try again")
        }
        guard let status = place.status(), FilePlace.isPlain(status) else { throw Self.notPlain }
    }

    deinit {
        // Who has a snapshot of the file open keeps the descriptor.
        OpenFiles.disown(identity) { FileLock.release(descriptor) }
    }

    /// Whether the name still leads to the file.
    var holdsName: Bool {
        place.status().map(FileIdentity.init) == identity
    }

    /// How many names the file has.
    var names: Int { (try? BorrowedDescriptor(descriptor).status()).map { Int($0.st_nlink) } ?? 1 }

    private static let notPlain = DatabaseError(.cannotOpen, message: "it is no plain file")

    private static func failure(_ place: FilePlace, _ error: SystemError) -> DatabaseError {
        let mayRead = unsafe faccessat(place.directory.number, place.name, R_OK, 0) == 0
        if [EACCES, EPERM, EROFS].contains(error.code), mayRead {
            return DatabaseError(.readOnly, message: "the database file is read-only")
        }
        return DatabaseError(.cannotOpen, error, prefix: "unable to open database file: ")
    }
}
