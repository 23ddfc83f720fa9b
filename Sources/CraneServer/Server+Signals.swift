import CraneLoop
import CraneSystem

extension Server {
    /// Handles signals on a loop of their own: one that serves ends when it has nothing left, and others may have.
    func handleSignals(index: Int) throws(ServerError) -> EventLoop? {
        var actions: [(number: Int32, action: @Sendable () -> Void)] = []
        if configuration.handlesSignals {
            // Holds the server until every loop has ended.
            actions = [SIGTERM, SIGINT, SIGUSR2].map { number in
                (number, { @Sendable [self] in shutdown(restarts: number == SIGUSR2) })
            }
        }
        if let onHangup = configuration.onHangup { actions.append((SIGHUP, onHangup)) }
        if let onLogRotation = configuration.onLogRotation { actions.append((SIGUSR1, onLogRotation)) }
        if actions.isEmpty { return nil }
        // Whoever started the process may have left signals blocked (sigprocmask(2)); threads begun from here on inherit this.
        var handled = sigset_t()
        unsafe sigemptyset(&handled)
        for (number, _) in actions { unsafe sigaddset(&handled, number) }
        unsafe pthread_sigmask(SIG_UNBLOCK, &handled, nil)
        do {
            let loop = try EventLoop(index: index)
            for (number, action) in actions { _ = try SignalSource(number, loop: loop, action) }
            return loop
        } catch {
            throw ServerError(code: .cannotStart, description: "cannot handle signals: \(error)")
        }
    }

    /// A write to a closed socket must be an error, not the end (signal(7)); and as many descriptors as are allowed.
    func prepareProcess() {
        _ = signal(SIGPIPE, SIG_IGN)
        var limit = rlimit()
        let openFiles = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard unsafe getrlimit(openFiles, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
        limit.rlim_cur = limit.rlim_max
        _ = unsafe setrlimit(openFiles, &limit)
    }
}
