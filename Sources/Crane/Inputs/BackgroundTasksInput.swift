/// Work to do after the response has been sent: the handler is given a list to add to.
///
/// ```swift
/// app.post("/process", Query("data", String.self), BackgroundTasksInput()) { data, tasks in
///     tasks.add { try await process(data) }
///     return Message("Processing started")
/// }
/// ```
public struct BackgroundTasksInput: Input {
    /// The input; the handler is given the list.
    public init() {}

    public func value(in inputs: inout Inputs) async throws -> BackgroundTasks? {
        BackgroundTasks(inputs.context)
    }

    public var extraction: InputExtraction { .reading { BackgroundTasks($0.context) } }
}

/// The tasks that follow the response of one request, which `BackgroundTasksInput` gives.
///
/// They run on the request's loop, one after the other in the order in which they were added; one that throws is logged
/// and the next one runs all the same. A task may add others. None runs when the request ends in an error. A graceful
/// shutdown waits for them, but a crash loses them: what must not be lost is a job of `CraneJobs`, a row in a database.
public struct BackgroundTasks: Sendable {
    private let context: Context

    init(_ context: Context) {
        self.context = context
    }

    /// Adds a task.
    public func add(_ work: @escaping @Sendable () async throws -> Void) {
        context.changeHooks { $0.tasks.append(work) }
    }
}
