import Foundation
import Glibc
import TestSupport
import Testing

@testable import CraneSQLite

/// Answered writes on a recorded disk; then the power fails at every moment of the record: of a short one in `make test`, of a long
/// one with `POWER_LOSS_WRITES=1000`.
@Suite("When the power fails")
struct PowerLossTests {
    static let migrations = [
        Migration(
            1, "items",
            sql: """
                CREATE TABLE item (id INTEGER PRIMARY KEY, text TEXT NOT NULL);
                CREATE TABLE part (item INTEGER NOT NULL REFERENCES item, place INTEGER NOT NULL);
                CREATE INDEX part_item ON part (item)
                """)
    ]

    /// What went wrong in the states that were looked at.
    struct Findings {
        var states = 0
        var lostAnswers = 0
        var halfWrites = 0
        var damaged = 0
        var examples: [String] = []

        mutating func note(_ example: String, _ count: WritableKeyPath<Findings, Int>) {
            self[keyPath: count] += 1
            if examples.count < 5 {
                examples.append(example)
            }
        }
    }

    @Test("every state of the disk opens, is sound, and holds each answered write and no half one")
    func everyState() async throws {
        let writes = ProcessInfo.processInfo.environment["POWER_LOSS_WRITES"].flatMap { Int($0) } ?? 320
        let events = try await record(writes, .full, on: RecordingDisk())
        let findings = try examine(events)
        #expect(findings.states > 2 * writes)
        #expect(findings.damaged == 0, "\(findings.examples)")
        #expect(findings.lostAnswers == 0, "\(findings.examples)")
        #expect(findings.halfWrites == 0, "\(findings.examples)")
    }

    @Test("without a sync for each commit answered writes are lost, and this test sees it")
    func withoutSync() async throws {
        let events = try await record(200, .normal, on: RecordingDisk())
        let findings = try examine(events)
        #expect(findings.lostAnswers > 0)
        // Synced checkpoints still keep what there is in one piece.
        #expect(findings.damaged == 0, "\(findings.examples)")
        #expect(findings.halfWrites == 0, "\(findings.examples)")
    }

    @Test("on a disk that lies about its syncs answered writes are lost, and this test sees it")
    func lyingDisk() async throws {
        let events = try await record(200, .full, on: RecordingDisk(liesAboutSync: true))
        #expect(try examine(events).lostAnswers > 0)
    }

    /// Runs the writes, each of one row and its two parts, and returns what went to the disk.
    func record(
        _ writes: Int, _ synchronous: Database.Configuration.Synchronous, on disk: RecordingDisk
    ) async throws -> [RecordingDisk.Event] {
        let directory = try TemporaryDirectory()
        var configuration = Database.Configuration(.file(directory.file("store.db")))
        configuration.vfs = disk.name
        configuration.synchronous = synchronous
        configuration.walBytes = 128 << 10
        let database = try Database(configuration)
        try database.migrate(Self.migrations)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask {
                    for round in 0..<(writes / 8) {
                        let number = task * (writes / 8) + round
                        try await database.write { try Self.insert(number, with: $0) }
                        disk.record(.answer(number))
                        _ = try database.read { connection in
                            try connection.prepare("SELECT max(id) FROM item").step()
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        database.close()
        defer { disk.unregister() }
        return disk.events
    }

    static func insert(_ number: Int, with connection: Connection) throws {
        let item = try connection.prepare("INSERT INTO item VALUES (:id, :text)")
        try item.bind("id", number)
        try item.bind("text", String(repeating: "\(number) ", count: number % 60))
        try item.run()
        for place in 0..<2 {
            let part = try connection.prepare("INSERT INTO part VALUES (:item, :place)")
            try part.bind("item", number)
            try part.bind("place", place)
            try part.run()
        }
    }

    /// Looks at the states of each moment: some in the middle of a batch of writes, all kinds before a sync.
    func examine(_ events: [RecordingDisk.Event]) throws -> Findings {
        var findings = Findings()
        var states = CrashStates()
        var random = SplitMix(seed: 2026)
        let directory = try TemporaryDirectory()
        let path = directory.file("store.db")
        for (index, event) in events.enumerated() {
            let choices: [CrashStates.Choice]
            switch event {
            case .sync: choices = CrashStates.Choice.allCases
            case .answer: choices = []
            case .write, .truncate, .create, .delete:
                choices = [CrashStates.Choice.allCases[index % CrashStates.Choice.allCases.count]]
            }
            for choice in choices {
                try place(states.state(choice, using: &random), in: directory)
                findings.states += 1
                inspect(path, "\(choice) at \(index)", answers: states.answers, &findings)
            }
            states.advance(event)
        }
        return findings
    }

    private func place(_ files: CrashStates.Files, in directory: TemporaryDirectory) throws {
        for suffix in ["", "-wal", "-shm", "-journal"] {
            _ = unsafe unlink(directory.file("store.db" + suffix))
        }
        for (path, bytes) in files {
            let name = path[(path.lastIndex(of: "/") ?? path.startIndex)...].dropFirst()
            let opened = unsafe fopen(directory.file(String(name)), "w")
            let file = unsafe try #require(opened)
            _ = unsafe fwrite(bytes, 1, bytes.count, file)
            unsafe fclose(file)
        }
    }

    /// Opens the files as a restart would, and counts what is amiss.
    private func inspect(_ path: String, _ moment: String, answers: Set<Int>, _ findings: inout Findings) {
        guard let connection = try? TestConnection(path) else {
            findings.note("\(moment): does not open", \.damaged)
            return
        }
        defer { connection.close() }
        connection.execute("PRAGMA synchronous = OFF")
        guard connection.texts("PRAGMA integrity_check") == ["ok"] else {
            findings.note("\(moment): \(connection.texts("PRAGMA integrity_check") ?? [])", \.damaged)
            return
        }
        // There is no table yet when the power fails in the migration.
        let items = connection.integers("SELECT id FROM item")
        let lost = answers.subtracting(items)
        if !lost.isEmpty {
            findings.note("\(moment): lost \(lost.count) of \(answers.count)", \.lostAnswers)
        }
        let half = connection.texts(
            """
            SELECT id FROM item WHERE (SELECT count(*) FROM part WHERE item = item.id) != 2
            UNION ALL SELECT item FROM part WHERE item NOT IN (SELECT id FROM item)
            """)
        if let half, !half.isEmpty {
            findings.note("\(moment): half of \(half)", \.halfWrites)
        }
    }
}
