// A process that enqueues jobs and runs them until all are done, and that the crash test kills: crashing-jobs DATABASE COUNT.
//
// Each job is enqueued in the transaction of a row in `cause`, and ends in that of a row in `effect`. Some take a while, some fail.
import CraneJobs
import CraneSQLite
import Logging

let arguments = CommandLine.arguments
guard arguments.count == 3, let total = Int(arguments[2]) else { fatalError("crashing-jobs DATABASE COUNT") }

let database = try Database(Database.Configuration(.file(arguments[1])))
try database.migrate([
    .jobs(1),
    Migration(
        2, "causes and effects",
        sql: """
            CREATE TABLE cause (id INTEGER PRIMARY KEY);
            CREATE TABLE effect (job INTEGER NOT NULL, attempt INTEGER NOT NULL);
            """),
])

struct Cause: SchemaRepresentable {
    let id: Int

    static let schema = Object(Cause.init) {
        Field("id", \.id)
    }
}

let jobs = Jobs(SQLiteJobStore(database), logger: Logger(label: "jobs") { _ in SwiftLogNoOpLogHandler() })
let backOff = JobBackOff(first: .milliseconds(20), maximum: .milliseconds(100))
let work = jobs.task("work", input: Cause.self, attempts: 100, backOff: backOff) { cause, job in
    if Int.random(in: 0..<50) == 0 { try await job.sleep(for: .milliseconds(10)) }
    if Int.random(in: 0..<20) == 0 { throw JobFailure.again(after: .milliseconds(20), "as told") }
    try await database.write { connection in
        let insert = try connection.prepare("INSERT INTO effect VALUES (:job, :attempt)")
        try insert.bind("job", job.id)
        try insert.bind("attempt", job.attempt)
        try insert.run()
        try job.complete(in: connection)
    }
}
try jobs.start()

/// How many rows there are.
func count(_ table: String) throws -> Int {
    try database.read { connection in
        let row = try connection.prepare("SELECT count(*) AS count FROM \(table)" as String)
        return try row.step() ? row.int("count") : 0
    }
}

var enqueued = try count("cause")
while enqueued < total {
    let next = (enqueued..<min(enqueued + 20, total)).map { Cause(id: $0) }
    let made = try next.map { try work.job($0) }
    try await database.write { connection in
        for (cause, job) in zip(next, made) {
            let insert = try connection.prepare("INSERT INTO cause VALUES (:id)")
            try insert.bind("id", cause.id)
            try insert.run()
            try connection.enqueue(job)
        }
    }
    enqueued += next.count
}
while try count("job WHERE state IN ('waiting', 'running')") > 0 {
    try await Task.sleep(for: .milliseconds(5))
}
await jobs.stop()
database.close()
