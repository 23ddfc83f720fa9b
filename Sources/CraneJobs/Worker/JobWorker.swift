import CraneHTTP
import CraneLoop
import CraneSchema
import Logging

/// Claims jobs and runs them, on a loop of its own.
///
/// It wakes when a commit has brought a job, when one is due, and when one has ended; in between it sleeps until the next of these,
/// or until it has to say that it lives. What is said without another word belongs to the loop's thread.
final class JobWorker: @unchecked Sendable {
    let loop: JobLoop
    let store: any JobStore
    let options: Jobs.Options
    let clock: JobClock
    let logger: Logger
    let tally: AtomicJobCounters
    let tasks: [String: any AnyJobTask]

    /// New at each start, and after it was taken for dead.
    var id = UniqueID()
    var queues: [String: JobQueueState]
    var schedules: [DeclaredSchedule]
    var running: [ObjectIdentifier: JobEntry] = [:]
    /// Ends that are to be written, each with its entry.
    var ends: [(end: JobResult, entry: JobEntry)] = []
    var progressed: [ObjectIdentifier: RunningJob] = [:]
    var isBeginning = false
    var hasBegun = false
    var isClaiming = false
    var isFinishing = false
    var isBeating = false
    var isPruning = false
    var isScheduling = false
    var isStopping = false
    var isEnding = false
    var isStopped = false
    /// Nothing is asked of a store that has failed before then.
    var retryAt: Timestamp?
    var failures = 0
    var heartbeatAt: Timestamp
    var lastBeat: Timestamp
    var pollAt: Timestamp?
    var pruneAt: Timestamp
    private var isPumping = false
    private var alarm: (at: Timestamp, task: Task<Void, Never>)?
    private var idlers: [CheckedContinuation<Void, Never>] = []

    init(_ jobs: Jobs, _ declared: Jobs.State) throws {
        loop = try JobLoop()
        store = jobs.store
        options = jobs.options
        clock = jobs.clock
        logger = jobs.logger
        tally = jobs.tally
        tasks = declared.tasks
        queues = declared.queues.mapValues { JobQueueState($0) }
        schedules = declared.schedules
        let now = clock.now
        (heartbeatAt, lastBeat, pruneAt) = (now, now, now.advanced(by: .seconds(10)))
        execute { worker in worker.pump() }
    }

    /// Does it on the loop's thread; any thread. False when the loop has ended.
    @discardableResult
    func execute(_ body: @escaping @Sendable (JobWorker) -> Void) -> Bool {
        loop.events.execute { [self] in body(self) }
    }

    /// Begins a task of the worker's own.
    func start(_ body: @escaping @Sendable (JobWorker) async -> Void) {
        loop.events.startTask { [self] in await body(self) }
    }

    /// Enters the worker, before it does anything else.
    private func begin() {
        guard !isBeginning else { return }
        isBeginning = true
        start { worker in
            do {
                try await worker.store.begin(worker.id, node: worker.options.node, at: worker.clock.now)
                try await worker.settleSchedules()
                worker.storeAnswered()
                worker.lastBeat = worker.clock.now
                worker.heartbeatAt = worker.lastBeat.advanced(by: worker.options.heartbeat)
                if worker.store.isShared { worker.pollAt = worker.lastBeat }
                worker.hasBegun = true
            } catch {
                worker.storeFailed(error)
            }
            worker.isBeginning = false
            worker.pump()
        }
    }

    // MARK: What makes it look

    /// Any thread.
    func hear(_ news: [JobEvent]) {
        execute { worker in
            for news in news {
                switch news {
                case .waiting(let queue, let time): worker.queues[queue]?.isDue(at: time)
                case .resumed(let queue):
                    for name in worker.queues.keys where name == queue ?? name {
                        worker.queues[name]?.isReady = true
                    }
                case .cancelled(let id): worker.cancel(id)
                case .completed: break
                }
            }
            worker.pump()
        }
    }

    /// Goes on with everything that can go on, and sets the alarm for the rest.
    func pump() {
        guard !isStopped else { return }
        let now = clock.now
        if retryAt.map({ $0 <= now }) ?? true {
            retryAt = nil
            guard hasBegun else { return begin() }
            tick(at: now)
            writeEnds()
            claim(at: now)
        }
        setAlarm(at: now)
        if isIdle {
            for idler in idlers { idler.resume() }
            idlers = []
        }
    }

    /// Does so once for all that ask for it in this turn of the loop.
    func pumpSoon() {
        if isPumping { return }
        isPumping = true
        execute { worker in
            worker.isPumping = false
            worker.pump()
        }
    }

    private func setAlarm(at now: Timestamp) {
        var next = min(heartbeatAt, pruneAt)
        if !isStopping {
            if let pollAt { next = min(next, pollAt) }
            if !isScheduling { for time in schedules.compactMap(\.next) { next = min(next, time) } }
            for queue in queues.values where queue.free > 0 {
                if let time = queue.next { next = min(next, time) }
            }
        }
        for entry in running.values where entry.phase == .running { next = min(next, entry.deadline) }
        if !progressed.isEmpty { next = min(next, progressAt) }
        if let retryAt { next = retryAt }
        if let alarm {
            if alarm.at <= next { return }
            alarm.task.cancel()
        }
        // Not at once: what is due already was begun, or waits for something else.
        let pause = max(next.microseconds - now.microseconds, 1000)
        let task = loop.events.startTask { [self] in
            do { try await loop.sleep(for: .microseconds(pause)) } catch { return }
            alarm = nil
            pump()
        }
        alarm = (next, task)
    }

    /// The store has failed: it is asked again after a while, a second at first.
    func storeFailed(_ error: any Error) {
        failures += 1
        let pause = Duration.seconds(min(1 << min(failures - 1, 4), 15))
        retryAt = clock.now.advanced(by: pause)
        // An outage is told once, and every some minutes.
        if failures == 1 || failures % 20 == 0 {
            logger.error("jobs wait: the store fails", metadata: ["error": "\(error)"])
        }
    }

    func storeAnswered() {
        if failures > 0 { logger.notice("jobs go on: the store works again") }
        failures = 0
    }

    /// When progress is written next, once there is some.
    var progressAt = Timestamp(microseconds: 0)

    // MARK: Idleness

    private var isIdle: Bool {
        let now = clock.now
        return hasBegun && running.isEmpty && ends.isEmpty && !isClaiming && !isFinishing && retryAt == nil
            && !isScheduling && schedules.allSatisfy { $0.next.map { $0 > now } ?? true }
            && queues.values.allSatisfy { !$0.isReady && ($0.next.map { $0 > now } ?? true) }
    }

    func waitUntilIdle() async {
        await withCheckedContinuation { continuation in
            let isTaken = execute { worker in
                worker.idlers.append(continuation)
                worker.pump()
            }
            if !isTaken { continuation.resume() }
        }
    }

    func skip(_ duration: Duration) async {
        let events = loop.events
        await withCheckedContinuation { continuation in
            let isTaken = execute { worker in
                worker.alarm?.task.cancel()
                worker.alarm = nil
                events.skip(duration)
                worker.pump()
                continuation.resume()
            }
            if !isTaken { continuation.resume() }
        }
        await events.nextTurn()
    }

    // MARK: End

    /// Any thread.
    func beginDraining() {
        execute { worker in
            worker.isStopping = true
            worker.loop.beginDraining()
        }
    }

    func stop(within grace: Duration) async {
        end(within: grace)
        await loop.untilEnded()
        loop.join()
    }

    func close(within grace: Duration) {
        end(within: grace)
        loop.join()
    }

    private func end(within grace: Duration) {
        beginDraining()
        execute { worker in
            if worker.isEnding { return }
            worker.isEnding = true
            worker.start { worker in
                if await !worker.untilNothingRuns(grace) {
                    for entry in worker.running.values { entry.job.end(because: .stopped) }
                    // Who does not heed its cancellation is left behind.
                    _ = await worker.untilNothingRuns(.seconds(1))
                }
                worker.isStopped = true
                worker.alarm?.task.cancel()
                // What still runs waits again, with the attempt given back.
                if worker.hasBegun { try? await worker.store.end(worker.id, at: worker.clock.now) }
                for idler in worker.idlers { idler.resume() }
                worker.idlers = []
                worker.loop.stop()
            }
        }
    }

    /// Whether it came to that in time.
    private func untilNothingRuns(_ patience: Duration) async -> Bool {
        let end = ContinuousClock.now + patience
        while !running.isEmpty || isFinishing || isClaiming {
            if ContinuousClock.now >= end { return false }
            do { try await loop.sleep(for: .milliseconds(5)) } catch { return false }
        }
        return true
    }
}
