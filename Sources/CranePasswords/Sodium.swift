import CSodium

/// The cryptography of libsodium, ready for use.
enum Sodium {
    /// Prepares the library once for the process; every use goes through here (libsodium manual, "Usage").
    static let start: Void = {
        // It fails only where the system has no random numbers, and then nothing may be kept secret.
        precondition(sodium_init() >= 0, "libsodium found no source of random numbers")
    }()
}
