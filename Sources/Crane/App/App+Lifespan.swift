extension App {
    /// Has `setUp` run before the application is served; what it gives back runs when no request runs any more.
    ///
    /// ```swift
    /// app.lifespan { services in
    ///     let pool = try await Pool.open()
    ///     services[PoolKey.self] = pool
    ///     return { await pool.close() }
    /// }
    /// ```
    /// A context has `services[Key.self]` under the same key. Several set-ups run one after the other, each with what those before
    /// it have made, and their clean-ups in reverse. Runs once a server, before it listens, and once a test client; not again at a reload.
    /// - Parameter setUp: what it throws stops the start, once the clean-ups of those before it have run.
    @_disfavoredOverload
    public mutating func lifespan(
        _ setUp: @escaping @Sendable (AppServices) async throws -> @Sendable () async -> Void
    ) {
        setUps.append(SetUp(run: setUp))
    }

    /// Has `setUp` run before the application is served; there is nothing to be cleaned up.
    ///
    /// - Parameter setUp: what it throws stops the start, once the clean-ups of those before it have run.
    public mutating func lifespan(_ setUp: @escaping @Sendable (AppServices) async throws -> Void) {
        setUps.append(
            SetUp { services in
                try await setUp(services)
                return {}
            })
    }

    /// A dependency that is made before the application is served, and let go of when no request runs any more.
    ///
    /// ```swift
    /// let pool = app.lifespan { _ in try await Pool.open() } cleanUp: { pool in await pool.close() }
    /// app.get("/orders", pool) { pool in try await pool.orders() }
    /// ```
    /// It is the same for all requests; one that is overridden is not made. Other set-ups and background work get it by `value(of:)`.
    /// - Parameters:
    ///   - make: what it throws stops the start, once the clean-ups of those before it have run.
    ///   - cleanUp: is given what was made.
    public mutating func lifespan<Value: Sendable>(
        _ make: @escaping @Sendable (AppServices) async throws -> Value,
        cleanUp: @escaping @Sendable (Value) async -> Void
    ) -> Dependency<Value> {
        let dependency = Dependency<Value>(.application, [])
        setUps.append(
            SetUp(making: dependency) { services in
                let value = try await make(services)
                services.set(value, for: dependency)
                return { await cleanUp(value) }
            })
        return dependency
    }

    /// Has `work` run beside the requests, from the start of the server until its graceful shutdown begins, which cancels it.
    ///
    /// ```swift
    /// app.background("digest") { context in
    ///     while true {
    ///         try await context.sleep(for: .seconds(60))
    ///         try await sendDigest(context[PoolKey.self])
    ///     }
    /// }
    /// ```
    /// Runs on the server's first loop, so must not block; the shutdown waits for its end within its deadline. What it throws is logged,
    /// and the work begins anew after a second, later after twice as long, at most a minute. When it returns, it has ended.
    /// - Parameters:
    ///   - name: what log lines call it.
    ///   - restarts: whether it begins anew when it has thrown.
    ///   - work: ends soon once its task is cancelled: everything in Crane that waits does.
    public mutating func background(
        _ name: String, restarts: Bool = true,
        _ work: @escaping @Sendable (BackgroundContext) async throws -> Void
    ) {
        backgroundWork.append(BackgroundWork(name: name, restarts: restarts, run: work))
    }
}

/// One step of an application's set-up.
struct SetUp: Sendable {
    /// The dependency that it makes, if it makes one.
    let dependency: (any AnyDependency)?
    /// Gives back the clean-up.
    let run: @Sendable (AppServices) async throws -> @Sendable () async -> Void

    init(
        making dependency: (any AnyDependency)? = nil,
        run: @escaping @Sendable (AppServices) async throws -> @Sendable () async -> Void
    ) {
        self.dependency = dependency
        self.run = run
    }
}

/// Work that an application does beside its requests.
struct BackgroundWork: Sendable {
    let name: String
    let restarts: Bool
    let run: @Sendable (BackgroundContext) async throws -> Void
}
