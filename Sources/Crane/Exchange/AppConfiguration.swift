import Logging

/// What every exchange has to know of its application.
final class AppConfiguration: Sendable {
    let trustedProxies: TrustedProxies
    /// Where clients see the application, unless a proxy says otherwise.
    let rootPath: RootPath
    let logger: Logger
    /// What `App` keeps for all its requests.
    let values: [ObjectIdentifier: any Sendable]

    init(
        trustedProxies: TrustedProxies, rootPath: RootPath, logger: Logger,
        values: [ObjectIdentifier: any Sendable] = [:]
    ) {
        self.trustedProxies = trustedProxies
        self.rootPath = rootPath
        self.logger = logger
        self.values = values
    }
}
