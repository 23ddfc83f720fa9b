import CSQLite

/// A file's methods (https://sqlite.org/c3ref/io_methods.html) with one replaced: unlocking the WAL's write or
/// checkpoint lock does nothing.
enum LockKeepingMethods {
    // The offsets of the locks (https://sqlite.org/walformat.html#wal_locks).
    private static let writeLock: Int32 = 0
    private static let checkpointLock: Int32 = 1

    private static let size = MemoryLayout<sqlite3_io_methods>.stride

    /// Puts a copy of the methods in place; the caller frees it once the file is closed.
    static func install(
        over original: UnsafePointer<sqlite3_io_methods>, in file: UnsafeMutablePointer<sqlite3_file>
    ) -> UnsafeMutableRawPointer {
        // The original's address stands behind the copy, where `lock` finds it by way of the file.
        let memory = UnsafeMutableRawPointer.allocate(
            byteCount: size + MemoryLayout<UInt>.size, alignment: MemoryLayout<UInt>.alignment)
        var copy = unsafe original.pointee
        unsafe copy.xShmLock = unsafe lock
        let methods = unsafe memory.initializeMemory(as: sqlite3_io_methods.self, to: copy)
        unsafe memory.storeBytes(of: original, toByteOffset: size, as: type(of: original))
        unsafe file.pointee.pMethods = unsafe UnsafePointer(methods)
        return unsafe memory
    }

    private static let lock:
        @convention(c) (UnsafeMutablePointer<sqlite3_file>?, Int32, Int32, Int32) -> Int32 = {
            file, offset, count, flags in
            guard let file = unsafe file, let methods = unsafe file.pointee.pMethods else {
                return SQLITE_IOERR
            }
            if flags & SQLITE_SHM_UNLOCK != 0, count == 1, offset == writeLock || offset == checkpointLock {
                return SQLITE_OK
            }
            let original = unsafe UnsafeRawPointer(methods)
                .load(fromByteOffset: size, as: UnsafePointer<sqlite3_io_methods>.self)
            return unsafe original.pointee.xShmLock(file, offset, count, flags)
        }
}
