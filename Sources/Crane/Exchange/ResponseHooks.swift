import HTTPTypes
import Logging

/// What a request leaves to be done when its handler is done: changes to the response, and work once that is sent.
struct ResponseHooks: Sendable {
    var changes = PendingChanges()
    /// Work that the handler asked for, in order.
    var tasks: [@Sendable () async throws -> Void] = []
    /// The clean-ups of dependencies, in the order in which these were made.
    var cleanUps: [@Sendable ((any Error)?) async -> Void] = []
    /// What the request ended with, if with an error.
    var failure: (any Error)?

    /// Runs the tasks in order, the later ones also when an earlier one fails, and then the clean-ups in reverse.
    mutating func run(in context: Context) async {
        while !tasks.isEmpty {
            for task in tasks {
                do {
                    try await task()
                } catch {
                    context.logger.error(
                        "a background task failed",
                        metadata: ["error": "\(error)", "route": "\(context.route ?? "-")"])
                }
            }
            // A task may have added others.
            tasks = context.takeHooks()?.tasks ?? []
        }
        for cleanUp in cleanUps.reversed() { await cleanUp(failure) }
    }
}

/// What the inputs of a request want of its response.
struct PendingChanges: Sendable {
    var status: HTTPResponse.Status?
    var fields = HTTPFields()
    var cookies: [SetCookie] = []
}
