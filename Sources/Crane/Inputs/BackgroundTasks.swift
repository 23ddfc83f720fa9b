/// Work to do after the answer is sent: an input that gives the handler a list to add to.
///
/// ```swift
/// app.post("/process", Query("data", String.self), BackgroundTasks()) { data, tasks in
///     tasks.add { try await process(data) }
///     return Message("Processing started")
/// }
/// ```
/// The tasks run on the request's loop, one after the other in the order in which they were added; one that throws is logged
/// and the next one runs all the same. A task may add others. None runs when the request ends in an error. A graceful
/// shutdown waits for them.
public struct BackgroundTasks: Input {
    private let context: Context?

    /// The input; the handler is given the list.
    public init() {
        context = nil
    }

    private init(_ context: Context) {
        self.context = context
    }

    /// Adds a task; traps outside a handler, since nobody would run it.
    public func add(_ work: @escaping @Sendable () async throws -> Void) {
        guard let context else {
            preconditionFailure("BackgroundTasks() is an input: add to what the handler is given")
        }
        context.changeHooks { $0.tasks.append(work) }
    }

    public func value(in inputs: inout Inputs) async throws -> BackgroundTasks? {
        BackgroundTasks(inputs.context)
    }

    public var step: InputStep { .reading { BackgroundTasks($0.context) } }
}
