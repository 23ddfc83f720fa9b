import CraneSQLite
import Foundation
import TestSupport
import Testing

@testable import CraneJobs

/// Jobs of a process that is killed and begun again: short as a rule, long with `CRASH_TEST_JOBS=40000`, amid which it is killed some 50 times.
@Suite("Jobs that crash", .ownThreads)
struct CrashTests {
    @Test(
        "no job is lost, none has its effect twice, and none runs for ever, however often the process is killed"
    )
    func killed() throws {
        let total = ProcessInfo.processInfo.environment["CRASH_TEST_JOBS"].flatMap { Int($0) } ?? 600
        let kills = total / 200
        let directory = try ScratchDirectory(names: "jobs.db", "jobs.db-wal", "jobs.db-shm")
        let path = directory.path + "/jobs.db"
        var killed = 0
        while killed < kills {
            let process = try Self.start(path, total)
            // Where it stands is chance: at its start, while it enqueues, or in the midst of its jobs.
            usleep(UInt32.random(in: 20_000...300_000))
            if !process.isRunning { break }
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            killed += 1
        }
        let last = try Self.start(path, total)
        last.waitUntilExit()
        #expect(last.terminationStatus == 0)
        let again = try Self.triedAgain(path, total)
        if total > 600 { print("\(total) jobs, \(killed) kills, \(again) tried more than once") }
    }

    @Test(
        "a disk that takes no more refuses what is enqueued and keeps what runs; nothing is lost or done twice when it does again"
    )
    func fullDisk() throws {
        let directory = try ScratchDirectory(names: "jobs.db", "jobs.db-wal", "jobs.db-shm")
        let path = directory.path + "/jobs.db"
        let output = Pipe()
        let process = try Self.start(path, 600, "full", output)
        let words = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(words == "60 transactions refused by the disk\n")
        _ = try Self.triedAgain(path, 600)
    }

    /// Expects that all jobs are done, each with one effect; how many were tried more than once.
    private static func triedAgain(_ path: String, _ total: Int) throws -> Int {
        let snapshot = try DatabaseSnapshot(path: path)
        defer { snapshot.close() }
        #expect(try snapshot.problems() == [])
        let counts = try snapshot.read { connection in
            let row = try connection.prepare(
                """
                SELECT (SELECT count(*) FROM cause) AS causes, (SELECT count(*) FROM job) AS jobs,
                    (SELECT count(*) FROM job WHERE state = 'done') AS done, (SELECT count(*) FROM effect) AS effects,
                    (SELECT count(DISTINCT job) FROM effect) AS affected, (SELECT count(*) FROM job WHERE attempt > 1) AS again
                """)
            _ = try row.step()
            return try ["causes", "jobs", "done", "effects", "affected", "again"].map { try row.int($0) }
        }
        #expect(counts.prefix(5) == [total, total, total, total, total])
        return counts[5]
    }

    static func start(
        _ path: String, _ total: Int, _ mode: String? = nil, _ output: Pipe? = nil
    ) throws -> Process {
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let process = Process()
        process.executableURL = URL(filePath: own).deletingLastPathComponent().appending(
            path: "crashing-jobs")
        process.arguments = [path, "\(total)"] + (mode.map { [$0] } ?? [])
        if let output { process.standardOutput = output }
        try process.start()
        return process
    }
}
