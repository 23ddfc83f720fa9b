import CraneSystem
import Logging

/// What every exchange has to know of its application.
final class AppConfiguration: Sendable {
    let trustedProxies: TrustedProxies
    /// Where clients see the application, unless a proxy says otherwise.
    let rootPath: RootPath
    let logger: Logger
    /// How errors are told, and who is asked before.
    let errors: ErrorFormat
    let errorHandlers: ErrorHandlers
    /// The pattern of the route of a name.
    let pattern: @Sendable (String) -> RoutePattern?
    /// What `App` keeps for all its requests.
    private let values: [ObjectIdentifier: any Sendable]
    /// That of the application around this one.
    private let outer: AppConfiguration?
    /// What its set-up has made for them: written once, before the first.
    private let kept = OnceReference<MadeValues>()

    init(
        trustedProxies: TrustedProxies, rootPath: RootPath, logger: Logger, errors: ErrorFormat = .detail,
        errorHandlers: ErrorHandlers = ErrorHandlers(),
        pattern: @escaping @Sendable (String) -> RoutePattern? = { _ in nil },
        values: [ObjectIdentifier: any Sendable] = [:], outer: AppConfiguration? = nil
    ) {
        self.trustedProxies = trustedProxies
        self.rootPath = rootPath
        self.logger = logger
        self.errors = errors
        self.errorHandlers = errorHandlers
        self.pattern = pattern
        self.values = values
        self.outer = outer
    }

    /// What the application has for all its requests under a key, or for a dependency of its set-up; otherwise what the one around it has.
    func value(_ id: ObjectIdentifier) -> (any Sendable)? { ownValue(id) ?? outer?.value(id) }

    /// What the application has itself.
    func ownValue(_ id: ObjectIdentifier) -> (any Sendable)? { kept.value?.values[id] ?? values[id] }

    /// What the set-up has made; nothing before its end.
    var made: [ObjectIdentifier: any Sendable] { kept.value?.values ?? [:] }

    /// Keeps what the set-up has made; a second time does nothing.
    func keep(_ values: [ObjectIdentifier: any Sendable]) {
        kept.store(MadeValues(values))
    }
}

/// Values in an object that can be put in place atomically.
private final class MadeValues: Sendable {
    let values: [ObjectIdentifier: any Sendable]

    init(_ values: [ObjectIdentifier: any Sendable]) { self.values = values }
}
