import Crane
import CraneSchema
import CraneSystem

/// The talk's routes that each show one thing.
struct DemoRoutes: Sendable {
    private let isOpen: Bool
    let pingDelay: Duration
    let processing: Processing
    let kept: KeptState

    init(_ settings: Settings, kept: KeptState) {
        self.kept = kept
        isOpen = settings.demoRoutes
        pingDelay = settings.pingDelay
        processing = Processing(delay: settings.processDelay, file: settings.processedFile)
    }

    func register(in app: inout App) {
        app.get("/", name: "read_root") { Undescribed(Message(message: "Hello, World!")) }
        guard isOpen else { return }
        app.get(
            "/limited", name: "limited", dependencies: [limited],
            responses: [.tooManyRequests: ResponseDescription("Rate limit exceeded")]
        ) { Undescribed(Message(message: "Within rate limit")) }
        registerPings(in: &app)
        app.post(
            "/process", Query("data", String.self), BackgroundTasks(), ContextInput(),
            name: "start_processing"
        ) { [processing, kept] data, tasks, context in
            // What cannot be done is refused before it is promised.
            if processing.isFull {
                throw HTTPError(.serviceUnavailable, "The file of processed data is full")
            }
            try kept.processing.promise()
            let (loop, client) = (context.loop, context.client)
            tasks.add {
                try await kept.processing.runPromised(on: loop, for: client) { _, _ in
                    try processing.run(data)
                }
            }
            return Undescribed(Message(message: "Processing started"))
        }
    }

    private var limited: Dependency<Void> {
        Dependency(ContextInput()) { [kept] context in try kept.limited.admit(context.client) }
    }

    private func registerPings(in app: inout App) {
        let delay = pingDelay
        // Wrong on purpose: its loop answers nobody else meanwhile. The loop guard says so in the log.
        app.get("/terrible-ping", name: "terrible_ping") {
            Self.block(for: delay)
            return Undescribed(["pong": true])
        }
        // Blocks a worker thread only.
        app.get("/good-ping", ContextInput(), name: "good_ping") { [kept] context in
            try await kept.pings.run(on: context.loop, for: context.client) { _, _ in Self.block(for: delay) }
            return Undescribed(["pong": true])
        }
        // Blocks nothing.
        app.get("/perfect-ping", ContextInput(), name: "perfect_ping") { context in
            try await context.sleep(for: delay)
            return Undescribed(["pong": true])
        }
    }

    private static func block(for delay: Duration) {
        let (seconds, attoseconds) = delay.components
        var time = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
        // The structure lives for the call; a signal cuts the wait short, which does no harm.
        unsafe nanosleep(&time, nil)
    }
}
