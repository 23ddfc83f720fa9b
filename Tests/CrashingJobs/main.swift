// A process that enqueues jobs and runs them until all are done, and that the crash test kills: crashing-jobs DATABASE COUNT.
// With a third argument its disk is full now and then. DATABASE may be the URL of a PostgreSQL, and then the third says which of two processes it is.
//
// Each job is enqueued in the transaction of a row in `cause`, and ends in that of a row in `effect`. Some take a while, some fail.
import CraneJobs
import CraneSQLite
import Glibc
import Logging

// A file that may not grow any more is the failure of a write, and not the end (setrlimit(2), RLIMIT_FSIZE).
_ = signal(SIGXFSZ, SIG_IGN)

let arguments = CommandLine.arguments
guard 3...4 ~= arguments.count, let total = Int(arguments[2]) else {
    fatalError("crashing-jobs DATABASE COUNT")
}
#if POSTGRES
if arguments[1].hasPrefix("postgresql:") {
    try await crashOnPostgres(arguments[1], total, process: Int(arguments.last ?? "") ?? 0)
    exit(0)
}
#endif

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
var refused = 0

/// Lets no file grow any more, or all of them.
func setFull(_ isFull: Bool) {
    let fileSize = __rlimit_resource_t(RLIMIT_FSIZE.rawValue)
    var limit = rlimit()
    precondition(unsafe getrlimit(fileSize, &limit) == 0)
    limit.rlim_cur = isFull ? 1 : limit.rlim_max
    precondition(unsafe setrlimit(fileSize, &limit) == 0)
}

while enqueued < total {
    // Some jobs wait and some run then.
    if arguments.count == 4, enqueued % 200 == 100, refused < enqueued / 10 { setFull(true) }
    let next = (enqueued..<min(enqueued + 20, total)).map { Cause(id: $0) }
    let made = try next.map { try work.job($0) }
    do {
        try await database.write { connection in
            for (cause, job) in zip(next, made) {
                let insert = try connection.prepare("INSERT INTO cause VALUES (:id)")
                try insert.bind("id", cause.id)
                try insert.run()
                try connection.enqueue(job)
            }
        }
        enqueued += next.count
    } catch let error as DatabaseError where error.kind == .ioError {
        // What SQLite says of EFBIG; a disk without room (ENOSPC) is `full`.
        refused += 1
        if refused % 20 == 0 { setFull(false) }
        try await Task.sleep(for: .milliseconds(5))
    }
}
while try count("job WHERE state IN ('waiting', 'running')") > 0 {
    try await Task.sleep(for: .milliseconds(5))
}
await jobs.stop()
database.close()
print("\(refused) transactions refused by the disk")
