public import CraneSchema

/// Which jobs are asked for, the newest first.
public struct JobQuery: Hashable, Sendable {
    public var state: Job.State?
    public var task: String?
    public var queue: String?
    /// A part of the input's JSON, of the task's name or of an error; or the id.
    public var text: String?
    /// Only those with smaller ids.
    public var before: Int?
    public var limit: Int

    public init(
        state: Job.State? = nil, task: String? = nil, queue: String? = nil, text: String? = nil,
        before: Int? = nil, limit: Int = 50
    ) {
        self.state = state
        self.task = task
        self.queue = queue
        self.text = text
        self.before = before
        self.limit = limit
    }
}

/// How the jobs stand at a moment.
public struct JobSummary: Hashable, Sendable {
    /// How many jobs are in each state; 100,000 stands for that many and more.
    public struct Counts: Hashable, Sendable {
        /// Due now.
        public var due = 0
        /// Due later.
        public var later = 0
        public var running = 0
        public var done = 0
        public var dead = 0
        public var cancelled = 0

        package init(
            due: Int = 0, later: Int = 0, running: Int = 0, done: Int = 0, dead: Int = 0, cancelled: Int = 0
        ) {
            self.due = due
            self.later = later
            self.running = running
            self.done = done
            self.dead = dead
            self.cancelled = cancelled
        }
    }

    /// A queue in which jobs wait or run, or that is paused; `*` stands for all, where all are paused.
    public struct Queue: Hashable, Sendable {
        public let name: String
        public let isPaused: Bool
        public let waiting: Int
        public let running: Int

        package init(name: String, isPaused: Bool, waiting: Int, running: Int) {
            self.name = name
            self.isPaused = isPaused
            self.waiting = waiting
            self.running = running
        }
    }

    /// A process that works on jobs.
    public struct Worker: Hashable, Sendable {
        public let id: String
        public let node: String
        public let startedAt: Timestamp
        /// Its last sign of life.
        public let heartbeatAt: Timestamp

        package init(id: String, node: String, startedAt: Timestamp, heartbeatAt: Timestamp) {
            self.id = id
            self.node = node
            self.startedAt = startedAt
            self.heartbeatAt = heartbeatAt
        }
    }

    /// What ended in a minute.
    public struct Minute: Hashable, Sendable {
        public let at: Timestamp
        public let done: Int
        /// Attempts that failed.
        public let failed: Int

        package init(at: Timestamp, done: Int, failed: Int) {
            self.at = at
            self.done = done
            self.failed = failed
        }
    }

    /// What stands for all queues where one's name stands.
    public static let everyQueue = "*"

    public let counts: Counts
    /// When the job was due that has waited longest.
    public let oldestDue: Timestamp?
    public let queues: [Queue]
    public let workers: [Worker]
    public let schedules: [JobSchedule]
    /// Those of the last hour in which something ended.
    public let minutes: [Minute]

    package init(
        counts: Counts, oldestDue: Timestamp?, queues: [Queue], workers: [Worker], schedules: [JobSchedule],
        minutes: [Minute]
    ) {
        self.counts = counts
        self.oldestDue = oldestDue
        self.queues = queues
        self.workers = workers
        self.schedules = schedules
        self.minutes = minutes
    }
}

extension JobSummary.Counts: SchemaRepresentable {
    public static let schema = Object(
        JobSummary.Counts.init, name: "JobCounts",
        description: "How many jobs are in each state; 100000 stands for that many and more"
    ) {
        Field("due", \.due)
        Field("later", \.later)
        Field("running", \.running)
        Field("done", \.done)
        Field("dead", \.dead)
        Field("cancelled", \.cancelled)
    }
}

extension JobSummary.Queue: SchemaRepresentable {
    public static let schema = Object(JobSummary.Queue.init, name: "JobQueue") {
        Field("name", \.name)
        Field("is_paused", \.isPaused)
        Field("waiting", \.waiting)
        Field("running", \.running)
    }
}

extension JobSummary.Worker: SchemaRepresentable {
    public static let schema = Object(JobSummary.Worker.init, name: "JobWorker") {
        Field("id", \.id)
        Field("node", \.node)
        Field("started_at", \.startedAt)
        Field("heartbeat_at", \.heartbeatAt)
    }
}

extension JobSummary.Minute: SchemaRepresentable {
    public static let schema = Object(JobSummary.Minute.init, name: "JobMinute") {
        Field("at", \.at)
        Field("done", \.done)
        Field("failed", \.failed)
    }
}

extension JobSummary: SchemaRepresentable {
    public static let schema = Object(
        JobSummary.init, name: "JobSummary", description: "How the jobs stand"
    ) {
        Field("counts", \.counts)
        Field("oldest_due_at", \.oldestDue)
        Field("queues", \.queues)
        Field("workers", \.workers)
        Field("schedules", \.schedules)
        Field("minutes", \.minutes)
    }
}
