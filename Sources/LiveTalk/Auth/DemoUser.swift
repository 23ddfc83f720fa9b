import CranePasswords

/// The talk's user with a password and a token that everybody knows: there only with `LIVETALK_DEMO_USER=true`.
enum DemoUser {
    static let name = "testuser"
    static let password = "testpass"
    static let token = "test-token"
}

extension UserDirectory {
    /// Lets the demo user in, or removes what an earlier start has left of it. Blocks the caller.
    func setDemoUser(_ isWanted: Bool) throws {
        guard isWanted else { return try removeDemoUser() }
        guard let hash = PasswordHash(of: DemoUser.password) else {
            throw StoreError.unavailable("there is no memory to hash a password")
        }
        // A real user of that name stays as it is.
        if let user = try add(DemoUser.name, hash, isDemo: true, isModerator: false) {
            try keepWaiting(DemoUser.token, of: user, for: nil) {}
        }
    }
}
