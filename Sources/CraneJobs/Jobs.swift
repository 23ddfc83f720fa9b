import CraneSQLite
import CraneSystem
public import Logging
import Synchronization

/// Work that survives a crash: tasks are declared like routes, and a job of one is a row until it has ended.
///
/// ```swift
/// let jobs = Jobs(SQLiteJobStore(database))
/// let sendMail = jobs.task("send-mail", input: Mail.self) { mail, job in
///     try await post(mail)
/// }
/// try jobs.start()
/// try await sendMail.enqueue(Mail(to: "ada@example.org"))
/// ```
/// A handler that throws is called again, later and later, until its attempts are used up; the job is dead then and waits for an
/// operator. Each job is run at least once; one that ends by ``RunningJob/complete(in:)`` in the transaction of its effect has
/// that effect exactly once.
///
/// Any thread may declare tasks before ``start()``, enqueue, and look at jobs. Handlers run on a loop of their own.
public final class Jobs: Sendable {
    /// How jobs are worked on.
    public struct Options: Sendable {
        /// How many jobs of a queue run at once in this process, unless ``Jobs/queue(_:concurrency:limit:rate:)`` says otherwise.
        public var concurrency = 16
        /// How often the worker says that it lives.
        public var heartbeat = Duration.seconds(10)
        /// How long after its last sign of life a worker counts as dead, and what it ran goes back.
        public var lease = Duration.seconds(30)
        /// How often the store is asked for what nobody has told of; only where several processes share it.
        public var pollInterval = Duration.seconds(1)
        /// How long a handler may go on after its time-out or cancellation before its job goes back without it.
        public var abandonment = Duration.seconds(30)
        /// What is kept of jobs that have ended.
        public var retention = JobRetention()
        /// What an operator knows this process by.
        public var node = "\(getpid())"

        public init() {}
    }

    struct State {
        var tasks: [String: any AnyJobTask] = [:]
        var queues: [String: JobQueueLimits] = [:]
        var schedules: [DeclaredSchedule] = []
        var worker: JobWorker?
        var hasStarted = false
    }

    let store: any JobStore
    let options: Options
    let logger: Logger
    let clock = JobClock()
    let tally = AtomicJobCounters()
    let state = Mutex(State())

    /// Jobs that are kept in this store; nothing runs before ``start()``.
    public init(
        _ store: any JobStore, options: Options = Options(), logger: Logger = Logger(label: "crane.jobs")
    ) {
        self.store = store
        self.options = options
        self.logger = logger
        store.observe { [weak self] news in self?.hear(news) }
    }

    /// Declares a task.
    ///
    /// A mistake in what is said of it, or a declaration after ``start()``, stops the program.
    /// - Parameters:
    ///   - name: what the task is called in the database: renamed, it does not know its old jobs.
    ///   - input: the described type of its arguments, kept as JSON.
    ///   - queue: tasks of a queue share its places and are paused together.
    ///   - priority: from 0 to 9; 9 goes before all others of its queue.
    ///   - attempts: how often a job is tried, from 1 to 100; the last failure makes it a dead letter.
    ///   - timeout: how long an attempt may take before its task is cancelled.
    ///   - backOff: how long it waits after a failure.
    ///   - unique: of jobs with one key only one waits or runs: another is not enqueued.
    ///   - limit: how many jobs run at once in all processes, of the whole task or of each key.
    ///   - handler: takes the input and the job on the jobs' loop; what it throws is the attempt's failure.
    @discardableResult
    public func task<Input: SchemaRepresentable>(
        _ name: String, input: Input.Type, queue: String = "default", priority: Int = 0, attempts: Int = 20,
        timeout: Duration = .seconds(900), backOff: JobBackOff = JobBackOff(),
        unique: (@Sendable (Input) -> String)? = nil, limit: JobLimit<Input>? = nil,
        handler: @escaping @Sendable @concurrent (Input, RunningJob) async throws -> Void
    ) -> JobTask<Input> {
        let task = JobTask<Input>(
            name: name, queue: queue, priority: priority, attempts: attempts, timeout: timeout,
            backOff: backOff, unique: unique, limit: limit, clock: clock, store: store, handler: handler)
        if let mistake = task.mistake { fatalError("task \(name): \(mistake)") }
        declare("task \(name)") { state in
            if state.tasks[name] != nil { return "there is one of this name already" }
            state.tasks[name] = task
            state.queues[queue] = state.queues[queue] ?? JobQueueLimits(concurrency: options.concurrency)
            return nil
        }
        return task
    }

    /// Declares a task that takes nothing.
    @discardableResult
    public func task(
        _ name: String, queue: String = "default", priority: Int = 0, attempts: Int = 20,
        timeout: Duration = .seconds(900), backOff: JobBackOff = JobBackOff(),
        limit: JobLimit<NoInput>? = nil,
        handler: @escaping @Sendable @concurrent (RunningJob) async throws -> Void
    ) -> JobTask<NoInput> {
        task(
            name, input: NoInput.self, queue: queue, priority: priority, attempts: attempts, timeout: timeout,
            backOff: backOff, limit: limit
        ) { _, job in try await handler(job) }
    }

    /// Says how many jobs of a queue run at once, in this process and in all, and how many begin in a time.
    ///
    /// A rate needs a table of its own: `Migration.jobRates`.
    public func queue(_ name: String, concurrency: Int? = nil, limit: Int? = nil, rate: JobRate? = nil) {
        let concurrency = concurrency ?? options.concurrency
        declare("queue \(name)") { state in
            if concurrency < 1 || (limit ?? 1) < 1 { return "it could run no job" }
            state.queues[name] = JobQueueLimits(concurrency: concurrency, limit: limit, rate: rate)
            return rate?.mistake
        }
    }

    /// Begins to run jobs, on a thread of its own; a store that does not work yet is waited for.
    ///
    /// What ran in a process that has crashed waits again from here on, or from the end of its lease where several share the store.
    /// A second call stops the program.
    /// - Throws: the system's error, where it has no thread left.
    public func start() throws {
        try state.withLock { state in
            precondition(!state.hasStarted, "jobs are started once")
            state.worker = try JobWorker(self, state)
            state.hasStarted = true
        }
    }

    /// Claims no further jobs; those that run go on. Any thread.
    public func beginDraining() { worker?.beginDraining() }

    /// Ends the worker: what runs may finish for a while, is cancelled then and waits again, with this attempt given back.
    public func stop(within grace: Duration = .seconds(5)) async {
        guard let worker else { return }
        await worker.stop(within: grace)
    }

    /// As ``stop(within:)``, blocking the calling thread: for a program's end, before its database is closed.
    public func close(within grace: Duration = .seconds(5)) {
        worker?.close(within: grace)
    }

    /// Enqueues jobs of any tasks in one transaction; returns their ids, or those of the jobs with their keys that are there already.
    @discardableResult
    public func enqueue(_ jobs: [NewJob]) async throws -> [Int] { try await store.enqueue(jobs) }

    /// Returns when no job is due and none runs: for tests.
    public func waitUntilIdle() async {
        await worker?.waitUntilIdle()
    }

    /// Puts the clock forward, for tests: what is due by then is due at once.
    package func skip(_ duration: Duration) async {
        clock.skip(duration)
        await worker?.skip(duration)
    }

    /// What this process has done since its start.
    public var counters: JobCounters { tally.value }

    var worker: JobWorker? { state.withLock { $0.worker } }

    /// Any thread.
    private func hear(_ news: [JobEvent]) {
        // The writer answers whoever waits after this call, and so they find the job ended.
        for case .completed(let job) in news { job.wasCompleted() }
        worker?.hear(news)
    }

    func declare(_ what: String, _ change: (inout State) -> String?) {
        let mistake = state.withLock { state in
            state.hasStarted ? "it is declared after the start" : change(&state)
        }
        if let mistake { fatalError("\(what): \(mistake)") }
    }
}
