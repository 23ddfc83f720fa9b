import CranePasswords

/// Users and the hashes of their tokens, as a service asks for them. Throws `StoreError`.
protocol UserStore: Sendable {
    /// The user of that name, disabled ones too.
    func entry(named name: String) async throws -> UserEntry?
    /// The user whom a token stands for, unless it has expired or the user is disabled.
    ///
    /// - Parameter moderating: whether only a moderator counts.
    func user(token: String, moderating: Bool) async throws -> User?
    /// Keeps a token of the user's; its own that have expired go, and its oldest when they are too many.
    ///
    /// - Parameter lifetime: `nil` for one that does not expire.
    func keep(_ token: String, of user: User, for lifetime: Duration?) async throws
    /// Forgets a token, by which nobody is let in any more.
    func forget(_ token: String) async throws
}

/// The same users, as an operator changes them: each call blocks its thread. Throws `StoreError`.
protocol UserDirectory {
    /// The user of that name, disabled ones too.
    func entry(named name: String) throws -> UserEntry?
    /// All users by id.
    func entries() throws -> [UserEntry]
    /// Adds a user, whose name is kept in NFC; `nil` when the name is taken.
    func add(_ name: String, _ password: PasswordHash, isDemo: Bool, isModerator: Bool) throws -> User?
    /// Lets a user in no more, and forgets the tokens; `false` when there is no such user.
    func disable(_ name: String) throws -> Bool
    /// Says whether a user is a moderator; `false` when there is no such user.
    func setModerator(_ name: String, _ isModerator: Bool) throws -> Bool
    /// Keeps a token as a `UserStore` does; when `show` throws, all is as before.
    func keepWaiting(
        _ token: String, of user: User, for lifetime: Duration?, show: () throws -> Void
    ) throws
    /// Removes the demo user with its tokens, if it is there.
    func removeDemoUser() throws
    /// Lets the database go.
    func close()
}
