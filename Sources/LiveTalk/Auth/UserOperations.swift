public import CraneService

/// What the commands for users do: on a database that no service has, or by way of the service that has it.
///
/// Blocks the calling thread.
public protocol UserOperations {
    /// Adds a user; returns its id.
    func add(_ name: String, password: String, isModerator: Bool) throws(StartError) -> Int
    /// Lets a user in no more.
    func disable(_ name: String) throws(StartError)
    /// Says whether a user is a moderator, from the next request on.
    func setModerator(_ name: String, _ isModerator: Bool) throws(StartError)
    /// Makes a token for a user; it is shown this once.
    ///
    /// - Parameter lifetime: `nil` for one that does not expire.
    func makeToken(
        of name: String, for lifetime: Duration?, show: (String) throws -> Void
    ) throws(StartError)
}
