import CraneSystem

/// An advisory lock of an open file (fcntl(2), F_OFD_SETLK), which goes with the last descriptor of that opening.
///
/// It counts within a process too, and for the file whatever its name. Its byte lies far beyond SQLite's own lock bytes
/// (https://sqlite.org/lockingv3.html) and the end of any file.
enum FileLock {
    private static let byte = off_t(1) << 60

    // F_OFD_SETLK, which the imported headers leave out.
    private static let setLock: Int32 = 37

    /// Takes the lock without waiting.
    ///
    /// - Throws: `locked` when another has it; `ioError` where the file system has no locks.
    static func take(_ descriptor: Int32) throws(DatabaseError) {
        guard set(descriptor, F_WRLCK) else {
            let error = SystemError.last
            throw DatabaseError([EAGAIN, EACCES].contains(error.code) ? .locked : .ioError, error)
        }
    }

    /// Lets the lock go before the file is closed.
    static func release(_ descriptor: Int32) {
        _ = set(descriptor, F_UNLCK)
    }

    private static func set(_ descriptor: Int32, _ type: Int32) -> Bool {
        var lock = flock()
        lock.l_type = Int16(type)
        lock.l_whence = Int16(SEEK_SET)
        lock.l_start = byte
        lock.l_len = 1
        // The structure outlives the call.
        return unsafe fcntl(descriptor, setLock, &lock) == 0
    }
}
