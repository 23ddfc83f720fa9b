import CranePostgres
import CranePostgresJobs
import Foundation
import TestSupport
import Testing

/// Two processes on one PostgreSQL that are killed and begun again: short as a rule, long with `CRASH_TEST_JOBS=10000`.
@Suite("Jobs on PostgreSQL that crash", .ownThreads, .needsPostgres)
struct PostgresCrashTests {
    @Test(
        "no job is lost, none has its effect twice, and none runs for ever, however often either process is killed"
    )
    func killed() async throws {
        let total = ProcessInfo.processInfo.environment["CRASH_TEST_JOBS"].flatMap { Int($0) } ?? 600
        let url = try PostgresServer.shared().database()
        var processes = try (0..<2).map { try CrashTests.start(url, total, "\($0)") }
        var killed = 0
        while killed < total / 200 {
            try await Task.sleep(for: .milliseconds(Int.random(in: 50...500)))
            let place = killed % 2
            guard processes[place].isRunning else { break }
            kill(processes[place].processIdentifier, SIGKILL)
            processes[place].waitUntilExit()
            processes[place] = try CrashTests.start(url, total, "\(place)")
            killed += 1
        }
        for process in processes { process.waitUntilExit() }
        #expect(processes.map(\.terminationStatus) == [0, 0])
        let session = try PostgresBlockingSession(PostgresConfiguration(url))
        let row = try session.execute(
            """
            SELECT (SELECT count(*) FROM cause) AS causes, (SELECT count(*) FROM job) AS jobs,
                (SELECT count(*) FROM job WHERE state = 'done') AS done, (SELECT count(*) FROM effect) AS effects,
                (SELECT count(DISTINCT job) FROM effect) AS affected, (SELECT count(*) FROM job WHERE attempt > 1) AS again
            """)[0]
        let counts = try ["causes", "jobs", "done", "effects", "affected"].map { try row.int($0) }
        #expect(counts == [total, total, total, total, total])
        if total > 600 {
            print("\(total) jobs, \(killed) kills, \(try row.int("again")) tried more than once")
        }
    }
}
