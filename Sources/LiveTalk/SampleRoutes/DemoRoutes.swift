import Crane
import CraneCelery
import CraneSQLite
import CraneSchema
import CraneService
import CraneSystem

/// The talk's routes that each show one thing.
struct DemoRoutes: Sendable {
    private let isOpen: Bool
    let pingDelay: Duration
    let processing: Processing
    let state: StateAcrossReloads
    /// Where `/process` sends its work, in the place of doing it.
    let queue: ProcessQueue?

    init(_ settings: Settings, state: StateAcrossReloads, queue: ProcessQueue? = nil) {
        self.state = state
        self.queue = queue
        isOpen = settings.demoRoutes
        pingDelay = settings.pingDelay
        processing = Processing(delay: settings.processDelay, file: settings.processedFile)
    }

    func register(in app: inout App) {
        app.get("/") { Message(message: "Hello, World!") }.name("read_root").returns("application/json")
        guard isOpen else { return }
        app.get("/limited") { Message(message: "Within rate limit") }
            .name("limited").dependencies(limited).returns("application/json")
            .responds(.tooManyRequests, "Rate limit exceeded")
        registerPings(in: &app)
        if let queue { registerQueue(queue, in: &app) } else { registerProcessing(in: &app) }
    }

    /// The talk's second way: a Celery worker does it.
    private func registerQueue(_ queue: ProcessQueue, in app: inout App) {
        app.post("/process", Query("data", String.self)) { data in
            do {
                try await queue.send(data)
            } catch let error as BrokerError {
                throw HTTPError(.serviceUnavailable, "The task could not be queued: \(error)")
            } catch let error as DatabaseError {
                throw StoreError.translated(error)
            }
            return Message(message: "Processing queued")
        }.name("start_processing").returns("application/json")
    }

    private func registerProcessing(in app: inout App) {
        app.post(
            "/process", Query("data", String.self), BackgroundTasksInput(), ContextInput()
        ) { [processing, state] data, tasks, context in
            // What cannot be done is refused before it is promised.
            if processing.isFull {
                throw HTTPError(.serviceUnavailable, "The file of processed data is full")
            }
            try state.processing.promise()
            let (loop, client) = (context.loop, context.client)
            tasks.add {
                try await state.processing.runPromised(on: loop, for: client) { _, _ in
                    try processing.run(data)
                }
            }
            return Message(message: "Processing started")
        }.name("start_processing").returns("application/json")
    }

    private var limited: Dependency<Void> {
        Dependency(ContextInput()) { [state] context in try state.limited.admit(context.client) }
    }

    private func registerPings(in app: inout App) {
        let delay = pingDelay
        // Wrong on purpose: its loop answers nobody else meanwhile. The loop guard says so in the log.
        app.get("/terrible-ping") {
            Self.block(for: delay)
            return ["pong": true]
        }.name("terrible_ping").returns("application/json")
        // Blocks a worker thread only.
        app.get("/good-ping", ContextInput()) { [state] context in
            try await state.pings.run(on: context.loop, for: context.client) { _, _ in Self.block(for: delay)
            }
            return ["pong": true]
        }.name("good_ping").returns("application/json")
        // Blocks nothing.
        app.get("/perfect-ping", ContextInput()) { context in
            try await context.sleep(for: delay)
            return ["pong": true]
        }.name("perfect_ping").returns("application/json")
    }

    private static func block(for delay: Duration) {
        let (seconds, attoseconds) = delay.components
        var time = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
        // The structure lives for the call; a signal cuts the wait short, which does no harm.
        unsafe nanosleep(&time, nil)
    }
}
