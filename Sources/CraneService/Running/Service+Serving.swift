import Crane
import CraneServer

extension Service {
    /// Serves until SIGTERM or SIGINT, or SIGUSR2 for a restart; SIGHUP reads the settings again. Blocks the main thread.
    ///
    /// Sockets that systemd passes are listened on in the place of host and port; it is told when the service answers, reloads
    /// and ends, and its watchdog is fed as long as every loop comes round.
    /// - Parameters:
    ///   - flags: settings by their names in the environment, which go before all others.
    ///   - file: the file of settings; without it `.env`, if it is there.
    ///   - make: makes the service in the place of its `init`.
    package static func serve(
        flags: [String: String], file: String?,
        make: (Settings, ServiceContext) throws -> Self = { try Self($0, $1) }
    ) throws {
        let environment = ProcessEnvironment.variables()
        let sockets = try PassedSockets(environment: environment)
        let sources = SettingsSources<Settings>(flags: flags, environment: environment, file: file)
        let settings = try sources.settings()
        let isJournal = Journal.readsStandardError(environment: environment)
        let log = LogSink.standardError(format: settings.server.logFormat, isJournal: isJournal)
        defer { log.close() }
        let context = try ServiceContext(name, settings.server, log: log)
        let service = try make(settings, context)
        let supervisor = Supervisor(
            service, context, settings: settings, sources: sources,
            notifier: ServiceNotifier(environment: environment))
        let server = Server(
            responder: service.responder(for: settings, in: context),
            configuration: settings.server.configuration(sockets, supervisor), logger: context.logger)
        let addresses: [BindAddress]
        do {
            addresses = try server.start()
        } catch {
            service.close()
            throw error
        }
        let report = service.report(on: settings)
        let title = "\(name) \(version)"
        let workers = settings.server.workers
        StandardStreams.writeError(
            isJournal
                ? report.journalLines(title, addresses, workers: workers)
                : report.text(title, addresses, workers: workers))
        supervisor.begin(server, addresses: addresses)
        server.blockUntilStopped {
            supervisor.end()
            // What closing does, a checkpoint for one, too stands under the handled signals.
            service.close()
            context.flushLog()
        }
    }

    /// Asks the service that runs with these settings whether it lives.
    package static func checkHealth(flags: [String: String], file: String?) throws {
        let sources = SettingsSources<Settings>(
            flags: flags, environment: ProcessEnvironment.variables(), file: file)
        var server = try sources.settings().server
        // Who names a host means that, whatever the file says.
        let names = ["HOST", "PORT", "UNIX_SOCKET"].map { flags[Settings.catalog.prefix + $0] }
        if names[2] == nil, names[0] != nil || names[1] != nil { server.unixSocket = nil }
        try HealthCheck(host: server.host, port: server.port, unixSocket: server.unixSocket).run()
    }
}

extension Service {
    /// Lists the application's routes; opens what the service stands on as `serve` does, and lets go of it.
    package static func printRoutes(flags: [String: String], file: String?) throws {
        let sources = SettingsSources<Settings>(
            flags: flags, environment: ProcessEnvironment.variables(), file: file)
        let settings = try sources.settings()
        let log = LogSink.standardError(format: settings.server.logFormat, isJournal: false)
        defer { log.close() }
        var server = settings.server
        // A list is no start: its log is not opened.
        server.accessLog = .off
        let context = try ServiceContext(name, server, log: log)
        let service = try Self(settings, context)
        defer { service.close() }
        try StandardStreams.write(RouteTable(service.app(for: settings, in: context)).description)
    }

    /// What answers by these settings from now on; the log level counts at once.
    package func responder(for settings: Settings, in context: ServiceContext) -> AppResponder {
        context.threshold.level = settings.server.logLevel
        return app(for: settings, in: context).build()
    }
}

extension ServerSettings {
    fileprivate func configuration<Served: Service>(
        _ sockets: PassedSockets, _ supervisor: Supervisor<Served>
    ) -> ServerConfiguration {
        var configuration = ServerConfiguration()
        configuration.addresses = addresses(sockets)
        configuration.workers = workers
        configuration.maximumConnectionsPerAddress = connectionsPerAddress
        configuration.maximumHeldBytes = memoryBudget
        configuration.hasManyConnections = { [trustedProxies] in trustedProxies.contains($0) }
        configuration.onShutdown = { supervisor.beginShutdown() }
        configuration.onHangup = { supervisor.reload() }
        configuration.onLogRotation = { supervisor.reopenLog() }
        return configuration
    }

    private func addresses(_ sockets: PassedSockets) -> [BindAddress] {
        if !sockets.descriptors.isEmpty { return sockets.descriptors.map { .descriptor($0) } }
        if let path = unixSocket { return [.unix(path, mode: unixSocketMode)] }
        return [.host(host, port: port)]
    }
}
