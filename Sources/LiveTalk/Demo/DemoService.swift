public import Crane
import CranePasswords
import CraneSQLite
public import CraneService
import Dispatch
import Synchronization

/// LiveTalk with a talk in which a made-up room comments, votes and moderates, for a look at it.
///
/// It is a service as any other, on a database of its own; whoever opens its pages is in the room too.
public struct DemoService: Service {
    public static let name = LiveTalkApp.name
    public static let version = LiveTalkApp.version
    /// The user who moderates.
    private static let moderator = "moderator"

    private let live: LiveTalkService
    private let audience: DemoAudience
    private let password = Self.password()

    /// A demo with the usual seed and rate.
    public init(_ settings: Settings, _ context: ServiceContext) throws {
        try self.init(settings, context, seed: 1, rate: 12)
    }

    /// Makes the talk up; the room goes on by itself until the service ends.
    ///
    /// - Parameters:
    ///   - seed: the same one makes the same things happen in the same order.
    ///   - rate: comments a minute; 0 for a room that holds still.
    package init(_ settings: Settings, _ context: ServiceContext, seed: UInt64, rate: Int) throws {
        live = try LiveTalkService(settings, context)
        do {
            let (room, users) = try Self.room(live, settings, seed: seed)
            guard let hash = PasswordHash(of: password),
                try users.add(Self.moderator, hash, isDemo: false, isModerator: true) != nil
            else { throw StartError("the demo wants a new database: \(settings.databaseURL) has been used") }
            audience = try DemoAudience(room, rate: rate, logger: context.logger)
        } catch {
            live.close()
            throw error
        }
    }

    /// The room in the service's database, and its users.
    private static func room(
        _ service: LiveTalkService, _ settings: Settings, seed: UInt64
    ) throws -> (DemoRoom, any UserDirectory) {
        #if POSTGRES
        if let live = service.live as? PostgresLiveTalk { return try live.demoRoom(seed: seed) }
        #endif
        guard let live = service.live as? LiveTalkApp else {
            throw StartError("the demo has no place on \(settings.databaseURL)")
        }
        let changes = ChangeLog(keeping: settings.feedLifetime)
        return (DemoRoom(live.database, changes, seed: seed), live.users)
    }

    public func app(for settings: Settings, in context: ServiceContext) -> App {
        live.app(for: settings, in: context)
    }

    public func report(on settings: Settings) -> StartReport {
        var report = live.report(on: settings)
        let talk = "/t/\(DemoRoom.slug)"
        report.pages += [("Audience", talk), ("Stage", talk + "/stage"), ("Moderate", talk + "/moderate")]
        report.facts.append(("Login", "\(Self.moderator), password \(password)"))
        return report
    }

    public func shutdownBegan() {
        audience.end()
        live.shutdownBegan()
    }

    public func close() {
        audience.end()
        audience.wait()
        live.close()
    }

    /// Serves until SIGTERM or SIGINT; blocks the main thread.
    ///
    /// - Parameters:
    ///   - keep: the file of a new database, or the URL of an empty PostgreSQL; in memory without one.
    package static func serve(host: String, port: String, keep: String?, seed: UInt64, rate: Int) throws {
        var flags = [
            "LIVETALK_HOST": host, "LIVETALK_PORT": port, "DATABASE_URL": "sqlite://",
            "LIVETALK_CONTROL_SOCKET": "off", "LIVETALK_ACCESS_LOG": "off", "LIVETALK_WRITES": "owner",
        ]
        // Phones come by the address of this machine.
        if !["127.0.0.1", "::1", "localhost"].contains(host) { flags["LIVETALK_ALLOWED_HOSTS"] = "*" }
        if let keep, case .postgres = DatabaseURL(keep) {
            flags["DATABASE_URL"] = keep
        } else if let keep {
            if (try? FilePlace(keep))?.status() != nil {
                throw StartError("\(OneLine.text(keep)) is there already: the demo wants a new file")
            }
            flags["DATABASE_URL"] = "sqlite:///\(keep)"
        }
        // An operator's settings are not the demo's.
        try serve(flags: flags, file: "/dev/null") { settings, context in
            try DemoService(settings, context, seed: seed, rate: rate)
        }
    }

    /// Twelve letters that are easily typed, 48 random bits: whoever reaches the demo is not its moderator.
    private static func password() -> String {
        let letters = Array("bcdfghkmnprstvwz")
        let text = SecretToken.randomBytes().prefix(12).map { letters[Int($0 & 15)] }
        return stride(from: 0, to: 12, by: 4).map { String(text[$0..<($0 + 4)]) }.joined(separator: "-")
    }
}

/// The made-up room at work, in a task of its own.
final class DemoAudience: Sendable {
    private let task: Task<Void, Never>?
    private let ended = DispatchSemaphore(value: 0)

    /// Returns when the talk is there; blocks the thread until then. Throws what the stores throw.
    init(_ room: DemoRoom, rate: Int, logger: Logger) throws {
        let room = try Self.opened(room)
        guard rate > 0 else {
            task = nil
            ended.signal()
            return
        }
        let pause = Duration.seconds(60) / (rate * DemoRoom.stepsPerComment)
        task = Task { [ended] in
            await Self.run(room, every: pause, logger: logger)
            ended.signal()
        }
    }

    /// Tells the room that it is over; any thread.
    func end() { task?.cancel() }

    /// Waits until nothing of the room runs any more; blocks the thread for the length of a commit.
    func wait() {
        ended.wait()
        ended.signal()
    }

    private static func opened(_ room: DemoRoom) throws -> DemoRoom {
        let (done, outcome) = (DispatchSemaphore(value: 0), Outcome())
        Task {
            do {
                var room = room
                try await room.open()
                outcome.value.withLock { $0 = .success(room) }
            } catch {
                outcome.value.withLock { $0 = .failure(error) }
            }
            done.signal()
        }
        done.wait()
        guard let outcome = outcome.value.withLock({ $0 }) else { throw CancellationError() }
        return try outcome.get()
    }

    private final class Outcome: Sendable {
        let value = Mutex<Result<DemoRoom, any Error>?>(nil)
    }

    /// What is refused, as in a talk that somebody has closed meanwhile, is left out; what fails is told to the log.
    private static func run(_ room: DemoRoom, every pause: Duration, logger: Logger) async {
        var room = room
        while (try? await Task.sleep(for: pause)) != nil {
            do {
                try await room.step()
            } catch is TalkConflict {
                continue
            } catch is CancellationError {
                return
            } catch {
                logger.warning("the demo's room: \(error)")
            }
        }
    }
}
