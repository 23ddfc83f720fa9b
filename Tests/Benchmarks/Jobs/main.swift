// How many jobs a second are claimed, run and ended on one loop, in a SQLite file whose commits are on the disk:
// jobs-rate DATABASE [JOBS] [CONCURRENCY]. DATABASE is made anew. Prints one line for each kind of job.
import CraneJobs
import CraneSQLite
import Glibc
import Logging

let arguments = CommandLine.arguments
guard 2...4 ~= arguments.count, let total = Int(arguments.count > 2 ? arguments[2] : "50000"),
    let concurrency = Int(arguments.count > 3 ? arguments[3] : "64"), total > 0, concurrency > 0
else {
    fatalError("jobs-rate DATABASE [JOBS] [CONCURRENCY]")
}
for suffix in ["", "-wal", "-shm"] { unlink(arguments[1] + suffix) }

let database = try Database(Database.Configuration(.file(arguments[1])))
try database.migrate([
    .jobs(1), Migration(2, "effects", sql: "CREATE TABLE effect (job INTEGER NOT NULL);"),
])

func remaining() throws -> Bool {
    try database.read {
        try $0.prepare("SELECT 1 FROM job WHERE state IN ('waiting', 'running') LIMIT 1").step()
    }
}

/// Enqueues jobs of a task, hundred a transaction, and has them run until none is left.
func measure(_ name: String, _ declare: (Jobs) -> JobTask<NoInput>) async throws {
    var options = Jobs.Options()
    options.concurrency = concurrency
    let jobs = Jobs(
        SQLiteJobStore(database), options: options,
        logger: Logger(label: "jobs") { _ in SwiftLogNoOpLogHandler() })
    let task = declare(jobs)
    let made = try (0..<total).map { _ in try task.job() }
    var start = ContinuousClock.now
    for first in stride(from: 0, to: total, by: 100) {
        try await database.write { connection in
            for job in made[first..<min(first + 100, total)] { try connection.enqueue(job) }
        }
    }
    let enqueued = ContinuousClock.now - start
    start = .now
    try jobs.start()
    while try remaining() { try await Task.sleep(for: .milliseconds(5)) }
    let run = ContinuousClock.now - start
    await jobs.stop()
    func rate(_ time: Duration) -> Int { Int(Double(total) / (time / .seconds(1))) }
    print("\(name): \(rate(run)) claimed, run and ended a second; \(rate(enqueued)) enqueued a second")
}

try await measure("jobs that do nothing") { jobs in jobs.task("nothing") { _ in } }
try await measure("jobs that end with their effect") { jobs in
    jobs.task("effect") { job in
        try await database.write { connection in
            let insert = try connection.prepare("INSERT INTO effect VALUES (:job)")
            try insert.bind("job", job.id)
            try insert.run()
            try job.complete(in: connection)
        }
    }
}
database.close()
