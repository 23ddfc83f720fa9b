import CSQLite
import Glibc
import Synchronization

/// The C side of ``RecordingDisk``: a VFS (https://sqlite.org/vfs.html) for each disk over SQLite's default.
enum RecordingFileSystem {
    /// A file that SQLite has open.
    @safe
    struct OpenFile: @unchecked Sendable {
        let disk: RecordingDisk
        let path: String
        let methods: UnsafePointer<sqlite3_io_methods>
    }

    @safe
    struct Registry: @unchecked Sendable {
        var disks: [String: RecordingDisk] = [:]
        /// By the address of SQLite's file.
        var files: [UInt: OpenFile] = [:]
        /// The table with the replaced methods, by the address of the table it was made of.
        var tables: [UInt: UnsafePointer<sqlite3_io_methods>] = unsafe [:]
        var made = 0
    }

    static let registry = Mutex(Registry())

    /// Makes a file system known to SQLite under a new name.
    static func register() -> String {
        let name = registry.withLock { registry in
            registry.made += 1
            return "recording-\(registry.made)"
        }
        guard let base = unsafe sqlite3_vfs_find(nil) else {
            return name
        }
        let vfs = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
        unsafe vfs.initialize(to: base.pointee)
        unsafe vfs.pointee.zName = unsafe UnsafePointer(strdup(name))
        unsafe vfs.pointee.pNext = nil
        unsafe vfs.pointee.xOpen = open
        unsafe vfs.pointee.xDelete = delete
        unsafe sqlite3_vfs_register(vfs, 0)
        return name
    }

    static func unregister(_ name: String) {
        registry.withLock { $0.disks[name] = nil }
        guard let vfs = unsafe sqlite3_vfs_find(name) else {
            return
        }
        unsafe sqlite3_vfs_unregister(vfs)
        unsafe free(UnsafeMutableRawPointer(mutating: vfs.pointee.zName))
        unsafe vfs.deallocate()
    }

    private static let open:
        @convention(c) (
            UnsafeMutablePointer<sqlite3_vfs>?, sqlite3_filename?, UnsafeMutablePointer<sqlite3_file>?, Int32,
            UnsafeMutablePointer<Int32>?
        ) -> Int32 = { vfs, path, file, flags, outFlags in
            guard let base = unsafe sqlite3_vfs_find(nil), let file = unsafe file else { return SQLITE_ERROR }
            let code = unsafe base.pointee.xOpen(base, path, file, flags, outFlags)
            guard code == SQLITE_OK, let path = unsafe path, let vfs = unsafe vfs,
                let methods = unsafe file.pointee.pMethods
            else { return code }
            let name = unsafe String(cString: vfs.pointee.zName)
            let filePath = unsafe String(cString: path)
            let key = UInt(bitPattern: file)
            let disk = registry.withLock { registry -> RecordingDisk? in
                guard let disk = registry.disks[name] else { return nil }
                registry.files[key] = unsafe OpenFile(disk: disk, path: filePath, methods: methods)
                unsafe file.pointee.pMethods = unsafe registry.table(over: methods)
                return disk
            }
            if flags & SQLITE_OPEN_CREATE != 0 {
                disk?.record(.create(path: filePath))
            }
            return code
        }

    private static let delete:
        @convention(c) (UnsafeMutablePointer<sqlite3_vfs>?, UnsafePointer<CChar>?, Int32) -> Int32 = {
            vfs, path, syncDirectory in
            guard let base = unsafe sqlite3_vfs_find(nil), let vfs = unsafe vfs, let path = unsafe path else {
                return SQLITE_ERROR
            }
            let code = unsafe base.pointee.xDelete(base, path, syncDirectory)
            if code == SQLITE_OK {
                let name = unsafe String(cString: vfs.pointee.zName)
                let disk = registry.withLock { $0.disks[name] }
                disk?.record(.delete(path: unsafe String(cString: path)))
            }
            return code
        }
}

extension RecordingFileSystem.Registry {
    mutating func table(
        over methods: UnsafePointer<sqlite3_io_methods>
    ) -> UnsafePointer<sqlite3_io_methods> {
        let key = UInt(bitPattern: methods)
        if let table = unsafe tables[key] {
            return unsafe table
        }
        // One for each kind of file that the default has, for the life of the process.
        let table = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
        unsafe table.initialize(to: methods.pointee)
        unsafe table.pointee.xRead = RecordingFileSystem.read
        unsafe table.pointee.xWrite = RecordingFileSystem.write
        unsafe table.pointee.xTruncate = RecordingFileSystem.truncate
        unsafe table.pointee.xSync = RecordingFileSystem.sync
        unsafe table.pointee.xClose = RecordingFileSystem.close
        unsafe tables[key] = unsafe UnsafePointer(table)
        return unsafe UnsafePointer(table)
    }
}

extension RecordingFileSystem {
    typealias File = UnsafeMutablePointer<sqlite3_file>

    private static func find(_ file: File?) -> OpenFile? {
        let key = UInt(bitPattern: file)
        return registry.withLock { $0.files[key] }
    }

    fileprivate static let read:
        @convention(c) (File?, UnsafeMutableRawPointer?, Int32, sqlite3_int64) -> Int32 = {
            file, bytes, count, offset in
            guard let open = unsafe find(file) else { return SQLITE_IOERR }
            let fault = open.disk.faults.read
            return unsafe fault == SQLITE_OK ? open.methods.pointee.xRead(file, bytes, count, offset) : fault
        }

    fileprivate static let write: @convention(c) (File?, UnsafeRawPointer?, Int32, sqlite3_int64) -> Int32 = {
        file, bytes, count, offset in
        guard let open = unsafe find(file) else { return SQLITE_IOERR }
        let fault = open.disk.faults.write
        guard fault == SQLITE_OK else { return fault }
        let copy = unsafe Array(UnsafeRawBufferPointer(start: bytes, count: Int(count)))
        unsafe open.disk.record(.write(path: open.path, offset: Int(offset), bytes: copy))
        return unsafe open.methods.pointee.xWrite(file, bytes, count, offset)
    }

    fileprivate static let truncate: @convention(c) (File?, sqlite3_int64) -> Int32 = { file, size in
        guard let open = unsafe find(file) else { return SQLITE_IOERR }
        unsafe open.disk.record(.truncate(path: open.path, size: Int(size)))
        return unsafe open.methods.pointee.xTruncate(file, size)
    }

    fileprivate static let sync: @convention(c) (File?, Int32) -> Int32 = { file, flags in
        guard let open = unsafe find(file) else { return SQLITE_IOERR }
        let fault = open.disk.faults.sync
        guard fault == SQLITE_OK else { return fault }
        // Nothing here depends on the real disk, whose syncs would only take time.
        open.disk.record(.sync(path: open.path))
        return SQLITE_OK
    }

    fileprivate static let close: @convention(c) (File?) -> Int32 = { file in
        guard let open = unsafe find(file) else { return SQLITE_IOERR }
        let key = UInt(bitPattern: file)
        registry.withLock { registry in
            registry.files[key] = nil
        }
        return unsafe open.methods.pointee.xClose(file)
    }
}
