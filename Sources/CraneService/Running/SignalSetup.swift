import CraneSystem

/// What signals find when the service starts.
package enum SignalSetup {
    /// Lets through what the starting process has blocked: SIGTERM must end the service whoever started it.
    ///
    /// A reader of standard error that has gone must not end it, though (signal(7), SIGPIPE), nor a file that may not
    /// grow any more, which is the failure of a write (setrlimit(2), RLIMIT_FSIZE). SIGUSR1, which log rotation sends by custom,
    /// means something to a service that answers, and nothing before that or to another command.
    package static func prepare() {
        // The set lives for the length of the calls.
        var all = sigset_t()
        unsafe sigfillset(&all)
        unsafe sigprocmask(SIG_UNBLOCK, &all, nil)
        _ = signal(SIGPIPE, SIG_IGN)
        _ = signal(SIGXFSZ, SIG_IGN)
        _ = signal(SIGUSR1, SIG_IGN)
    }
}
