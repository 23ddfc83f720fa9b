import CraneSchema
import Testing

@testable import CraneJobs

@Suite("Schedules")
struct ScheduleTests {
    @Test("a schedule enqueues its job at each of its times, and once for those that were missed")
    func enqueues() async throws {
        let database = try Bench.database()
        let bench = Bench(database)
        let task = bench.jobs.task("send", input: Mail.self) { _, _ in }
        try bench.jobs.schedule("hourly", cron: "0 * * * *", task) { Mail(to: "all") }
        try bench.jobs.start()
        await bench.jobs.waitUntilIdle()
        #expect(try bench.allJobs().isEmpty)
        for count in 1...3 {
            await bench.jobs.skip(.seconds(3600))
            try await until { try bench.allJobs().filter { $0.state == .done }.count == count }
        }
        await bench.jobs.skip(.seconds(5 * 3600))
        try await until { try bench.allJobs().count == 4 }
        await bench.jobs.waitUntilIdle()
        #expect(try bench.allJobs().count == 4)
        let summary = try await SQLiteJobStore(database).summary(
            at: bench.jobs.clock.now, on: bench.jobs.worker!.loop)
        #expect(summary.schedules.map(\.name) == ["hourly"])
        await bench.jobs.stop()
    }

    @Test("times that never come are refused where they are declared")
    func refusesNever() throws {
        let jobs = try Bench().jobs
        let task = jobs.task("send") { _ in }
        #expect(throws: CronError.self) { try jobs.schedule("never", cron: "0 0 31 2 *", task) }
    }
}
