public import CraneService

/// What the commands for jobs do: on a database that no service has, or by way of the service that has it.
///
/// Blocks the calling thread.
public protocol JobOperations {
    /// Has a job that has ended tried again.
    func retry(_ id: Int) throws(StartError)
    /// Cancels a job that waits or runs.
    func cancel(_ id: Int) throws(StartError)
    /// Lets no further job begin: of a queue, or of any.
    func pause(_ queue: String?) throws(StartError)
    /// Lets jobs begin again.
    func resume(_ queue: String?) throws(StartError)
}
