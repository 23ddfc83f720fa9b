import CraneHTTP
import Logging
import Synchronization

/// Runs the set-ups, the background work and the clean-ups of a built application, each once.
final class AppLifespan: Lifespan {
    private enum Phase {
        /// `isSet` is still to happen for those that wait for the first.
        case new, settingUp, ready
        case failed(any Error)
        case over
    }

    private struct State {
        var phase = Phase.new
        var cleanUps: [@Sendable () async -> Void] = []
        var works: Bool
    }

    private let setUps: [SetUp]
    /// Those of the applications in this one.
    private let inner: [AppLifespan]
    private let work: [BackgroundWork]
    private let configuration: AppConfiguration
    private let overrides: [ObjectIdentifier: any AnyDependency]
    private let state: Mutex<State>
    /// The set-up has ended, one way or the other.
    private let isSet = OneTimeEvent()

    /// `nil` for an application that has neither set-ups nor background work.
    init?(_ app: App, _ configuration: AppConfiguration, _ mounts: [Mount]) {
        inner = mounts.compactMap { $0.responder.lifespan as? AppLifespan }
        if app.setUps.isEmpty && app.backgroundWork.isEmpty && inner.isEmpty { return nil }
        setUps = app.setUps
        work = app.backgroundWork
        overrides = app.overrides
        self.configuration = configuration
        state = Mutex(State(works: !work.isEmpty))
    }

    func setUp() async throws {
        let isFirst = state.withLock { state in
            guard case .new = state.phase else { return false }
            state.phase = .settingUp
            return true
        }
        if !isFirst {
            await isSet.waitRegardless()
            return try state.withLock { state in
                switch state.phase {
                case .failed(let error): throw error
                case .over: throw LifespanError("the application has ended: build it anew")
                case .new, .settingUp, .ready: return
                }
            }
        }
        defer { isSet.happen() }
        do {
            try await makeAll()
            state.withLock { $0.phase = .ready }
        } catch {
            await runCleanUps()
            state.withLock { $0.phase = .failed(error) }
            throw error
        }
    }

    private func makeAll() async throws {
        let services = AppServices(configuration, overrides)
        for setUp in setUps where !isOverridden(setUp) {
            let cleanUp = try await setUp.run(services)
            state.withLock { $0.cleanUps.append(cleanUp) }
        }
        configuration.keep(services.all)
        // These see what has been made here.
        for inner in inner {
            try await inner.setUp()
            state.withLock { $0.cleanUps.append { await inner.cleanUp() } }
        }
    }

    func startBackgroundWork(on loop: any LoopServices) {
        for inner in inner { inner.startBackgroundWork(on: loop) }
        let starts = state.withLock { state in
            defer { state.works = false }
            return state.works
        }
        guard starts else { return }
        for work in work {
            let context = BackgroundContext(work.name, loop, configuration, overrides)
            loop.spawn {
                // Cancelled at the drain, as asked for.
                try? await loop.cancelWhenDraining { try await work.runAnew(context) }
            }
        }
    }

    func cleanUp() async {
        state.withLock { $0.phase = .over }
        await runCleanUps()
    }

    private func isOverridden(_ setUp: SetUp) -> Bool {
        setUp.dependency.map { overrides[ObjectIdentifier($0)] != nil } ?? false
    }

    private func runCleanUps() async {
        while let cleanUp = state.withLock({ $0.cleanUps.popLast() }) { await cleanUp() }
    }

    func takeOver(from first: (any Lifespan)?) {
        let first = first as? AppLifespan
        let old = first?.setUps ?? []
        if old.count != setUps.count {
            configuration.logger.error(
                "the reloaded application has other set-ups than the one that was started: they run at a restart",
                metadata: ["set_ups": "\(setUps.count)", "started": "\(old.count)"])
        }
        var values = first?.configuration.made ?? [:]
        // A dependency is known by identity, and each application has made its own.
        for (new, old) in zip(setUps, old) {
            guard let new = new.dependency, let old = old.dependency else { continue }
            values[ObjectIdentifier(new)] = values[ObjectIdentifier(old)]
        }
        configuration.keep(values)
        for (index, inner) in inner.enumerated() {
            inner.takeOver(from: first.flatMap { index < $0.inner.count ? $0.inner[index] : nil })
        }
        state.withLock { state in
            state.phase = .ready
            state.works = false
        }
        isSet.happen()
    }
}

extension BackgroundWork {
    /// Runs the work, and again when it has thrown, until it returns or its task is cancelled.
    func runAnew(_ context: BackgroundContext) async throws {
        var backOff = BackOff()
        while true {
            let began = ContinuousClock.now
            do {
                return try await run(context)
            } catch is CancellationError where Task.isCancelled {
                return
            } catch {
                let pause = restarts ? backOff.pause(after: began.duration(to: .now)) : nil
                context.logger.error(
                    "background work failed",
                    metadata: [
                        "error": "\(error)", "begins_anew_in": pause.map { "\($0)" } ?? "never",
                    ])
                guard let pause else { return }
                try await context.sleep(for: pause)
            }
        }
    }
}

/// How long to wait before work that has failed begins anew: a second, then twice as long each time, up to a minute.
struct BackOff: Sendable {
    static let longest = Duration.seconds(60)
    private var next = Duration.seconds(1)

    /// - Parameter time: how long it has run this time; who has run for longer than the longest pause begins at a second again.
    mutating func pause(after time: Duration) -> Duration {
        if time > BackOff.longest { next = .seconds(1) }
        defer { next = min(next * 2, BackOff.longest) }
        return next
    }
}
