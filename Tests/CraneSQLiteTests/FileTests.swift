import CSQLite
import CraneSystem
import Glibc
import Testing

@testable import CraneSQLite

@Suite("A database's file")
struct FileTests {
    private func status(_ path: String) -> stat {
        var status = stat()
        #expect(unsafe lstat(path, &status) == 0)
        return status
    }

    /// Whether another process would find SQLite's lock on the file, which belongs to this one (fcntl(2), F_OFD_GETLK).
    private func isLocked(_ path: String) -> Bool {
        // Closed last: that drops the lock that is asked for.
        let descriptor = unsafe open(path, O_RDWR)
        defer { close(descriptor) }
        var lock = flock()
        lock.l_type = Int16(F_WRLCK)
        lock.l_start = 0x4000_0002
        lock.l_len = 510
        #expect(unsafe fcntl(descriptor, 36, &lock) == 0)
        return lock.l_type != Int16(F_UNLCK)
    }

    @Test("is one process's to write, by whatever name another comes")
    func names() async throws {
        let store = try Store()
        let directory = store.directory
        #expect(unsafe link(store.path, directory.file("hard.db")) == 0)
        #expect(unsafe symlink("store.db", directory.file("soft.db")) == 0)
        for name in [
            "hard.db", "soft.db", "./store.db",
            "../\(directory.path.split(separator: "/").last ?? "")/store.db",
        ] {
            expect(.locked) { _ = try Database(.init(.file(directory.path + "/" + name))) }
        }
        // What was refused has left nothing beside the other name, and the first goes on.
        #expect(!directory.exists("hard.db-wal") && !directory.exists("hard.db-shm"))
        _ = try await store.database.write { try $0.insert("kept") }
        store.database.close()
        let other = try Database(.init(.file(directory.file("hard.db"))))
        #expect(try other.texts() == ["kept"])
        #expect(other.hazards.first?.contains("2 names") == true)
        other.close()
    }

    @Test(
        "keeps SQLite's locks when another Database of the process was refused, or a snapshot outlives its own"
    )
    func locksAreKept() throws {
        let store = try Store()
        #expect(unsafe link(store.path, store.directory.file("hard.db")) == 0)
        for _ in 0..<3 {
            expect(.locked) { _ = try Database(.init(.file(store.directory.file("hard.db")))) }
        }
        let snapshot = try DatabaseSnapshot(path: store.path)
        store.database.close()
        #expect(isLocked(store.path))
        snapshot.close()
    }

    @Test(
        "is for its owner and group when it is new, and for fewer when the umask says so; an old one keeps its mode"
    )
    func mode() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("new.db")
        let database = try Database(.init(.file(path)))
        try database.migrate(Store.migrations)
        let new = status(path).st_mode & 0o777
        #expect(new & ~0o640 == 0 && new & 0o600 == 0o600)
        #expect(status(path + "-wal").st_mode & 0o777 == new)
        try database.snapshot().backup(to: directory.file("copy.db"))
        #expect(status(directory.file("copy.db")).st_mode & ~new & 0o777 == 0)
        database.close()
        #expect(unsafe chmod(path, 0o664) == 0)
        try Database(.init(.file(path))).close()
        #expect(status(path).st_mode & 0o777 == 0o664)
    }

    @Test("is found under its name as it is, and not as SQLite's URIs and special names")
    func literalNames() throws {
        let directory = try TemporaryDirectory()
        for name in ["file:%41.db", "file:b.db?mode=memory", ":memory:", "a b#c.db"] {
            let database = try Database(.init(.file(directory.file(name))))
            try database.migrate(Store.migrations)
            try database.snapshot().backup(to: directory.file("copy of " + name))
            database.close()
            #expect(directory.exists(name) && directory.exists("copy of " + name))
            try DatabaseSnapshot(path: directory.file("copy of " + name)).close()
        }
        for path in ["", "a\0b", directory.file("x.db/")] {
            expect(.cannotOpen) { _ = try Database(.init(.file(path))) }
        }
    }

    @Test("is no device, FIFO or directory, which are left as they are")
    func plainFiles() throws {
        let store = try Store()
        let fifo = store.directory.file("fifo")
        #expect(unsafe mkfifo(fifo, 0o600) == 0)
        #expect(unsafe mkdir(store.directory.file("folder"), 0o700) == 0)
        for name in ["fifo", "folder"] {
            expect(.cannotOpen) { _ = try Database(.init(.file(store.directory.file(name)))) }
            expect(.cannotOpen) { try store.database.snapshot().backup(to: store.directory.file(name)) }
            #expect(!store.directory.exists(name + ".partial"))
        }
        #expect(status(fifo).st_mode & S_IFMT == S_IFIFO)
    }

    @Test("is copied through a symbolic link to the file behind it")
    func linkedTarget() throws {
        let store = try Store()
        let directory = store.directory
        #expect(unsafe mkdir(directory.file("disk"), 0o700) == 0)
        #expect(unsafe symlink("disk/today.db", directory.file("link.db")) == 0)
        for _ in 0..<2 { try store.database.snapshot().backup(to: directory.file("link.db")) }
        #expect(status(directory.file("link.db")).st_mode & S_IFMT == S_IFLNK)
        try DatabaseSnapshot(path: directory.file("disk/today.db")).close()
        #expect(!directory.exists("disk/today.db.partial"))
    }

    @Test(
        "is not copied over what belongs to a database",
        arguments: [
            "store.db-wal", "store.db-shm", "store.db-journal", "other.db-journal", "x.partial",
            "store.db-mj0123ABCDE",
        ])
    func companions(name: String) throws {
        let store = try Store()
        let before = store.directory.exists(name)
        expect(.cannotOpen) { try store.database.snapshot().backup(to: store.directory.file(name)) }
        #expect(store.directory.exists(name) == before)
    }

    @Test("is never another file that lies under the name of the copy being made")
    func partial() throws {
        let store = try Store()
        let victim = store.directory.file("victim")
        let file = unsafe fopen(victim, "w")
        _ = unsafe fputs("secret", file)
        unsafe fclose(file)
        #expect(unsafe chmod(victim, 0o600) == 0)
        let target = store.directory.file("backup.db")
        #expect(unsafe symlink("victim", target + ".partial") == 0)
        expect(.cannotOpen) { try store.database.snapshot().backup(to: target) }
        #expect(unsafe unlink(target + ".partial") == 0)
        #expect(unsafe link(victim, target + ".partial") == 0)
        // A file by that name is what a dead process has left: it goes, and the copy is a new one.
        try store.database.snapshot().backup(to: target)
        let left = status(victim)
        #expect(left.st_size == 6 && left.st_mode & 0o777 == 0o600 && left.st_nlink == 1)
        // Not even then when it is the database.
        #expect(unsafe link(store.path, target + ".partial") == 0)
        expect(.cannotOpen) { try store.database.snapshot().backup(to: target) }
        #expect(unsafe unlink(target + ".partial") == 0)
    }

    @Test("is not reached by root through another user's link", .enabled(if: geteuid() == 0))
    func foreignLink() throws {
        let store = try Store()
        let path = store.directory.file("link.db")
        #expect(unsafe symlink("victim.db", path) == 0)
        #expect(unsafe lchown(path, 4711, 4711) == 0)
        expect(.cannotOpen) { try store.database.snapshot().backup(to: path) }
        expect(.cannotOpen) { _ = try Database(.init(.file(path))) }
        #expect(!store.directory.exists("victim.db"))
    }

    @Test("is replaced behind a symbolic link, with its log, and never by itself or while another has it")
    func replaced() async throws {
        let store = try Store()
        _ = try await store.database.write { try $0.insert("new") }
        let snapshot = try store.database.snapshot()
        let directory = store.directory
        #expect(unsafe mkdir(directory.file("disk"), 0o700) == 0)
        #expect(unsafe symlink("disk/real.db", directory.file("old.db")) == 0)
        let old = try Database(.init(.file(directory.file("old.db"))))
        try old.migrate(Store.migrations)
        expect(.locked) { try snapshot.replaceDatabase(at: directory.file("old.db")) }
        old.close()
        unsafe fclose(fopen(directory.file("disk/real.db-wal"), "w"))
        try snapshot.replaceDatabase(at: directory.file("old.db"))
        #expect(status(directory.file("old.db")).st_mode & S_IFMT == S_IFLNK)
        #expect(!directory.exists("disk/real.db-wal"))
        let again = try Database(.init(.file(directory.file("old.db"))))
        #expect(try again.texts() == ["new"])
        again.close()
        expect(.cannotOpen) { try snapshot.replaceDatabase(at: store.path) }
        #expect(try store.database.count() == 1)
    }

    @Test("at rest is read without writing anything, and its change meanwhile is noticed")
    func unchanging() async throws {
        let store = try Store()
        _ = try await store.database.write { try $0.insert("kept") }
        let open = try Connection(.path(store.path), isReader: true)
        expect(.cannotOpen) { _ = try UnchangingFile(of: open) }
        open.close()
        store.database.close()
        let closed = try Connection(.path(store.path), isReader: true)
        let file = try UnchangingFile(of: closed)
        let reader = try Connection(.unchanging(store.path), isReader: true)
        let rows = try reader.prepare("SELECT text FROM item")
        #expect(try rows.step() && rows.text("text") == "kept")
        #expect(!store.directory.exists("store.db-wal") && !store.directory.exists("store.db-shm"))
        try file.check()
        #expect(unsafe truncate(store.path, off_t(status(store.path).st_size) + 1) == 0)
        expect(.busy) { try file.check() }
    }

    @Test("tells of a mount of its own and of a network, by the system's list of mounts")
    func mounts() {
        let mounts = """
            22 1 8:1 / / rw - ext4 /dev/sda1 rw
            30 22 8:1 /x /data/my\\040talk.db rw shared:1 - ext4 /dev/sda1 rw
            31 22 0:40 / /net rw - nfs4 server:/export rw
            """
        func hazards(_ path: String) -> [String] {
            FileHazards(path: path, names: 1, mounts: mounts).descriptions
        }
        #expect(hazards("/data/talk.db").isEmpty && hazards("/network/a.db").isEmpty)
        #expect(hazards("/data/my talk.db").first?.contains("mounted by itself") == true)
        #expect(hazards("/net/a.db").first?.contains("nfs4") == true)
    }

    @Test("is read by as many loops and threads as come")
    func loops() async throws {
        for (loops, others) in [(256, 4), (1, 1), (0, 0)] {
            let store = try Store {
                $0.loopReaders = loops
                $0.otherReaders = others
            }
            _ = try await store.database.write { try $0.insert("one") }
            for loop in [0, 1, 17, 300] { #expect(try store.database.count(loop: loop) == 1) }
            #expect(try store.database.count() == 1)
        }
    }

    @Test("is read by the connection of the thread's loop, and by one that is free on other threads")
    func readers() throws {
        let store = try Store {
            $0.loopReaders = 2
            $0.otherReaders = 2
        }
        func reader(_ loop: Int?) throws -> Connection {
            var used: Connection?
            let read = { try store.database.read { used = $0 } }
            if let loop { try CurrentLoop.run(as: loop) { try read() } } else { try read() }
            return try #require(used)
        }
        let all = store.database.readers.all
        let first = try reader(0)
        #expect(try reader(0) === first && first === all[0].connection)
        #expect(try reader(1) === all[1].connection)
        #expect(try reader(nil) === all[2].connection)
        _ = try all[2].begin()
        #expect(try reader(nil) === all[3].connection)
        #expect(try reader(9) === all[3].connection)
        all[2].end()
        #expect(try reader(nil) === all[2].connection)
    }

    @Test("is opened for every loop at once, before the first needs it")
    func opening() throws {
        let store = try Store {
            $0.loopReaders = 2
            $0.otherReaders = 1
        }
        var seen = 0
        try store.database.openLoopReaders { connection in
            _ = try connection.prepare("SELECT text FROM item").step()
            seen += 1
        }
        #expect(seen == 2)
        #expect(store.database.readers.all.map { $0.connection != nil } == [true, true, false])
        struct Failure: Error {}
        #expect(throws: Failure.self) { try store.database.openLoopReaders { _ in throw Failure() } }
        #expect(try store.database.count(loop: 0) == 0)
    }

    @Test("is opened for every loop without a read, and reads what was written before and after")
    func openingAlone() async throws {
        let store = try Store { $0.loopReaders = 2 }
        _ = try await store.database.write { connection in try connection.insert("before") }
        try store.database.openLoopReaders()
        #expect(store.database.readers.loops.map { $0.connection != nil } == [true, true])
        #expect(try store.database.count(loop: 0) == 1)
        _ = try await store.database.write { connection in try connection.insert("after") }
        #expect(try store.database.count(loop: 0) == 2 && store.database.count(loop: 1) == 2)
    }
}
