import CSQLite
import Glibc
import Testing

@testable import CraneSQLite

@Suite("When the disk fails")
struct FaultTests {
    /// Runs writes into the fault, then without it.
    func goesOn(
        after kind: DatabaseError.Kind, _ fail: (inout RecordingDisk.Faults) -> Void
    ) async throws {
        let disk = RecordingDisk()
        let store = try Store { $0.vfs = disk.name }
        _ = try await store.database.write { try $0.insert("before") }
        fail(&disk.faults)
        for number in 0..<3 {
            await expect(kind) { _ = try await store.database.write { try $0.insert("lost \(number)") } }
        }
        // Reads go on meanwhile.
        #expect(try store.database.count() == 1)
        #expect(store.database.counters.failures == 3)
        disk.faults = RecordingDisk.Faults()
        _ = try await store.database.write { try $0.insert("after") }
        #expect(try store.database.texts() == ["before", "after"])
        store.database.close()
        let again = try DatabaseSnapshot(path: store.path)
        #expect(try again.problems() == [])
        again.close()
        disk.unregister()
    }

    @Test("a full disk fails the writes, and they go on when there is room")
    func full() async throws {
        try await goesOn(after: .full) { $0.write = SQLITE_FULL }
    }

    @Test("a write error fails the writes, and they go on when it has passed")
    func writeError() async throws {
        try await goesOn(after: .ioError) { $0.write = SQLITE_IOERR | (3 << 8) }
    }

    @Test("a sync that fails is no commit, and writes go on when it has passed")
    func syncError() async throws {
        try await goesOn(after: .ioError) { $0.sync = SQLITE_IOERR | (4 << 8) }
    }

    @Test("a read error fails the read, and the reader reads again when it has passed")
    func readError() async throws {
        let disk = RecordingDisk()
        let store = try Store {
            $0.vfs = disk.name
            $0.readerCacheKiB = 16
        }
        _ = try await store.database.write { connection in
            for number in 0..<200 {
                _ = try connection.insert("\(number) \(String(repeating: "x", count: 1000))")
            }
        }
        #expect(try store.database.count() == 200)
        disk.faults.read = SQLITE_IOERR | (1 << 8)
        expect(.ioError) { _ = try store.database.texts() }
        disk.faults = RecordingDisk.Faults()
        #expect(try store.database.texts().count == 200)
        store.database.close()
        disk.unregister()
    }

    @Test("a checkpoint that fails loses nothing")
    func checkpointError() async throws {
        let disk = RecordingDisk()
        let store = try Store { $0.vfs = disk.name }
        var written = 0
        // On a busy machine the writer's own quiet moment may come first, and leave nothing to check.
        repeat {
            disk.faults = RecordingDisk.Faults()
            written += 1
            let text = "kept \(written)"
            _ = try await store.database.write { try $0.insert(text) }
            disk.faults.sync = SQLITE_IOERR | (4 << 8)
        } while !store.database.writer.wal.isDirty
        let before = store.database.counters.checkpoints
        store.database.writer.checkpoint()
        #expect(store.database.counters.checkpoints == before)
        disk.faults = RecordingDisk.Faults()
        store.database.writer.checkpoint()
        #expect(store.database.counters.checkpoints == before + 1)
        #expect(try store.database.texts().count == written)
        store.database.close()
        disk.unregister()
    }

    @Test(
        "a file that was moved away fails the writes as moved, until it is back",
        arguments: ["", "-wal", "-shm"])
    func moved(suffix: String) async throws {
        let store = try Store()
        _ = try await store.database.write { try $0.insert("before") }
        let path = store.path + suffix
        #expect(unsafe rename(path, path + ".away") == 0)
        await expect(.moved) { _ = try await store.database.write { try $0.insert("lost") } }
        #expect(unsafe rename(path + ".away", path) == 0)
        _ = try await store.database.write { try $0.insert("after") }
        #expect(try store.database.texts() == ["before", "after"])
    }

    @Test("a second database is refused also when somebody has removed the file with SQLite's locks")
    func locksRemoved() async throws {
        let store = try Store()
        #expect(unsafe unlink(store.path + "-shm") == 0)
        expect(.locked) { _ = try Database(.init(.file(store.path))) }
        await expect(.moved) { _ = try await store.database.write { try $0.insert("lost") } }
        store.database.close()
        let again = try Database(.init(.file(store.path)))
        _ = try await again.write { try $0.insert("after") }
        #expect(try again.texts() == ["after"])
        again.close()
    }

    @Test("a damaged page is an error of what reads it, and the rest can still be read")
    func damage() async throws {
        let store = try Store()
        _ = try await store.database.write { connection in
            for number in 0..<500 {
                _ = try connection.insert("\(number) \(String(repeating: "x", count: 500))")
            }
        }
        store.database.close()
        let file = unsafe fopen(store.path, "r+")
        unsafe fseek(file, 0, SEEK_END)
        let size = unsafe ftell(file)
        // Everything but the schema and the roots.
        for offset in stride(from: 40960, to: size, by: 4096) {
            unsafe fseek(file, offset, SEEK_SET)
            _ = unsafe fputs(String(repeating: "\u{7F}", count: 4000), file)
        }
        unsafe fclose(file)
        let damaged = try Database(.init(.file(store.path)))
        expect(.corrupt) { _ = try damaged.texts() }
        expect(.corrupt) { _ = try damaged.texts() }
        #expect(try damaged.migrationStatus(of: Store.migrations).count == 1)
        await expect(.corrupt) {
            try await damaged.write { try $0.execute("UPDATE item SET text = text || '!'") }
        }
        #expect(try damaged.snapshot().problems() != [])
        // What was backed up before is worth more than a copy of that.
        let backup = store.directory.file("backup.db")
        let good = unsafe fopen(backup, "w")
        _ = unsafe fputs("yesterday's", good)
        unsafe fclose(good)
        expect(.corrupt) { try damaged.snapshot().backup(to: backup) }
        let kept = unsafe fopen(backup, "r")
        #expect(unsafe fgetc(kept) == Int32(UInt8(ascii: "y")))
        unsafe fclose(kept)
        #expect(!store.directory.exists("backup.db.partial"))
        damaged.close()
    }
}
