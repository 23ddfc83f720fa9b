import CSQLite
import CraneSystem

/// A file system of SQLite (https://sqlite.org/vfs.html) whose databases are open descriptors, named by their numbers.
///
/// What is written goes to the file that was opened and checked, whoever has its name meanwhile. It has no locks, no log
/// and no journal: it is for a file that nobody else knows yet. The descriptor stays open.
enum DescriptorFileSystem {
    /// Its name, once SQLite knows it.
    static let name: String = {
        let name = "crane-descriptor"
        guard let base = unsafe sqlite3_vfs_find(nil) else { return name }
        // Both live as long as the process.
        let vfs = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
        unsafe vfs.initialize(to: base.pointee)
        unsafe vfs.pointee.zName = unsafe UnsafePointer(strdup(name))
        unsafe vfs.pointee.pNext = nil
        unsafe vfs.pointee.szOsFile = max(base.pointee.szOsFile, Int32(MemoryLayout<File>.stride))
        unsafe vfs.pointee.xFullPathname = fullPathname
        unsafe vfs.pointee.xOpen = open
        unsafe sqlite3_vfs_register(vfs, 0)
        return name
    }()

    /// SQLite's file, as this file system lays it out.
    @unsafe
    private struct File {
        var base: sqlite3_file
        var descriptor: Int32
    }

    private typealias FilePointer = UnsafeMutablePointer<sqlite3_file>

    private static func descriptor(_ file: FilePointer?) -> Int32 {
        guard let file = unsafe file else { return -1 }
        return unsafe UnsafeMutableRawPointer(file).assumingMemoryBound(to: File.self).pointee.descriptor
    }

    // Written here alone, before anything reads it.
    nonisolated(unsafe) private static let methods: UnsafePointer<sqlite3_io_methods> = {
        let methods = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
        var table = sqlite3_io_methods()
        table.iVersion = 1
        unsafe table.xClose = { _ in SQLITE_OK }
        unsafe table.xRead = read
        unsafe table.xWrite = write
        unsafe table.xTruncate = { ftruncate(unsafe descriptor($0), off_t($1)) == 0 ? SQLITE_OK : failure }
        unsafe table.xSync = { file, _ in unsafe sync(descriptor(file)) ? SQLITE_OK : failure }
        unsafe table.xFileSize = { file, size in
            var status = stat()
            guard unsafe fstat(descriptor(file), &status) == 0 else { return failure }
            unsafe size?.pointee = sqlite3_int64(status.st_size)
            return SQLITE_OK
        }
        unsafe table.xLock = { _, _ in SQLITE_OK }
        unsafe table.xUnlock = { _, _ in SQLITE_OK }
        unsafe table.xCheckReservedLock = { _, isReserved in
            unsafe isReserved?.pointee = 0
            return SQLITE_OK
        }
        unsafe table.xFileControl = { _, _, _ in SQLITE_NOTFOUND }
        unsafe table.xSectorSize = { _ in 4096 }
        unsafe table.xDeviceCharacteristics = { _ in 0 }
        unsafe methods.initialize(to: table)
        return unsafe UnsafePointer(methods)
    }()

    /// Makes sure that what was written is on the disk.
    static func sync(_ descriptor: Int32) -> Bool {
        return fsync(descriptor) == 0
    }

    /// What `errno` means to SQLite.
    private static var failure: Int32 {
        [ENOSPC, EDQUOT, EFBIG].contains(errno) ? SQLITE_FULL : SQLITE_IOERR
    }

    private static let fullPathname:
        @convention(c) (
            UnsafeMutablePointer<sqlite3_vfs>?, UnsafePointer<CChar>?, Int32, UnsafeMutablePointer<CChar>?
        ) -> Int32 = { _, name, room, full in
            guard let name = unsafe name, let full = unsafe full, unsafe strlen(name) < Int(room) else {
                return SQLITE_CANTOPEN
            }
            unsafe strcpy(full, name)
            return SQLITE_OK
        }

    private static let open:
        @convention(c) (
            UnsafeMutablePointer<sqlite3_vfs>?, sqlite3_filename?, UnsafeMutablePointer<sqlite3_file>?, Int32,
            UnsafeMutablePointer<Int32>?
        ) -> Int32 = { _, name, file, flags, outFlags in
            guard let file = unsafe file else { return SQLITE_CANTOPEN }
            guard let name = unsafe name, flags & SQLITE_OPEN_MAIN_DB != 0 else {
                // A temporary file of SQLite's own.
                guard let base = unsafe sqlite3_vfs_find(nil) else { return SQLITE_CANTOPEN }
                return unsafe base.pointee.xOpen(base, name, file, flags, outFlags)
            }
            let opened = unsafe UnsafeMutableRawPointer(file).assumingMemoryBound(to: File.self)
            guard let descriptor = unsafe Int32(String(cString: name)) else {
                unsafe opened.pointee.base.pMethods = nil
                return SQLITE_CANTOPEN
            }
            unsafe opened.pointee.descriptor = descriptor
            unsafe opened.pointee.base.pMethods = unsafe methods
            unsafe outFlags?.pointee = flags
            return SQLITE_OK
        }

    private static let read:
        @convention(c) (FilePointer?, UnsafeMutableRawPointer?, Int32, sqlite3_int64) -> Int32 =
            { file, bytes, count, offset in
                guard let bytes = unsafe bytes else { return SQLITE_IOERR }
                var done = 0
                while done < Int(count) {
                    let got = unsafe pread(
                        descriptor(file), bytes + done, Int(count) - done, off_t(offset) + off_t(done))
                    if got < 0, errno == EINTR { continue }
                    guard got >= 0 else { return SQLITE_IOERR | (1 << 8) }  // SQLITE_IOERR_READ
                    guard got > 0 else {
                        // What lies beyond the end reads as zeros.
                        unsafe memset(bytes + done, 0, Int(count) - done)
                        return SQLITE_IOERR | (2 << 8)  // SQLITE_IOERR_SHORT_READ
                    }
                    done += got
                }
                return SQLITE_OK
            }

    private static let write:
        @convention(c) (FilePointer?, UnsafeRawPointer?, Int32, sqlite3_int64) -> Int32 = {
            file, bytes, count, offset in
            guard let bytes = unsafe bytes else { return SQLITE_IOERR }
            var done = 0
            while done < Int(count) {
                let put = unsafe pwrite(
                    descriptor(file), bytes + done, Int(count) - done, off_t(offset) + off_t(done))
                if put < 0, errno == EINTR { continue }
                guard put > 0 else { return failure }
                done += put
            }
            return SQLITE_OK
        }
}
