import CraneCelery
import CraneJobs
import CraneSchema

/// Where `/process` puts its work: a task for Celery's workers.
///
/// The service's own broker has it with the write. A Redis may be away: a job brings it the task, at least once and always with the same id.
enum ProcessQueue: Sendable {
    case broker(Celery)
    case outbox(JobTask<Call>)

    /// A job's input: the task's id and argument.
    struct Call: SchemaRepresentable {
        let id: String
        let data: String

        static let schema = Object(Call.init, name: "ProcessCall", description: "A task for a Celery worker")
        {
            Field("id", \.id)
            Field("data", \.data)
        }
    }

    private static let task = "tasks.process_dataset"

    /// Declares the job that brings tasks to a Redis.
    static func outbox(to celery: Celery, _ jobs: Jobs) -> ProcessQueue {
        .outbox(
            jobs.task(
                "celery-relay", input: Call.self, queue: "celery", attempts: 50, timeout: .seconds(30)
            ) { call, _ in
                var message = CeleryMessage(task, call.data)
                message.id = call.id
                try await celery.send(message)
            })
    }

    /// Returns when the task is on the disk.
    func send(_ data: String) async throws {
        let message = CeleryMessage(Self.task, data)
        switch self {
        case .broker(let celery): try await celery.send(message)
        case .outbox(let relay): try await relay.enqueue(Call(id: message.id, data: data))
        }
    }
}
