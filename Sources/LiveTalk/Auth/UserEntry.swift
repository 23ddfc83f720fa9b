import Crane
import CranePasswords
import CraneSchema

/// A user with what a login is checked against.
struct UserEntry: Hashable, Sendable {
    /// Tokens that one user may have; the oldest go when there are more.
    static let tokens = 100

    let user: User
    let password: PasswordHash
    let isDisabled: Bool
    let isDemo: Bool
    let createdAt: Timestamp
    /// Whether the user decides what is shown and staged.
    var isModerator = false
}

extension UserEntry: Record {
    private init(
        id: Int, name: String, passwordHash: String, isDisabled: Bool, isDemo: Bool, createdAt: Timestamp,
        isModerator: Bool
    ) {
        self.init(
            user: User(id: id, name: name), password: PasswordHash(text: passwordHash),
            isDisabled: isDisabled,
            isDemo: isDemo, createdAt: createdAt, isModerator: isModerator)
    }

    static let schema = Object(Self.init(id:name:passwordHash:isDisabled:isDemo:createdAt:isModerator:)) {
        Field("id", \.user.id)
        Field("name", \.user.name)
        Field("password_hash", \.password.text)
        Field("is_disabled", \.isDisabled, default: false)
        Field("is_demo", \.isDemo, default: false)
        Field("created_at", \.createdAt)
        Field("is_moderator", \.isModerator, default: false)
    }

    static let table = Table<Self>("user", indexes: [TableIndex("idx_user_name", on: "name", unique: true)])
}

/// A token as it is kept.
struct TokenEntry: Sendable {
    let hash: [UInt8]
    let userID: Int
    let createdAt: Timestamp
    let expiresAt: Timestamp?

    init(_ text: String, of user: User, from now: Timestamp, for lifetime: Duration?) {
        hash = SecretToken.hash(of: text)
        userID = user.id
        createdAt = now
        expiresAt = lifetime.map { now + $0 }
    }
}
