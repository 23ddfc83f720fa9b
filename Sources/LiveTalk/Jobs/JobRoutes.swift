import Crane
import CraneJobs
import CraneSQLite
import CraneSchema
import HTTPTypes

/// What moderators see and do of the jobs.
struct JobRoutes: Sendable {
    let jobs: Jobs
    let moderator: Dependency<User>

    private let id = Path("job_id", Int.self)
    private static let missing = "Job not found"

    private var notFound: HTTPError { HTTPError(.notFound, Self.missing) }

    func register(in app: inout App) {
        registerReads(in: &app)
        registerChanges(in: &app)
        registerQueues(in: &app)
    }

    private func registerReads(in app: inout App) {
        app.get(
            "/jobs/", moderator, Query("state", Job.State?.self), Query("task", String?.self),
            Query("queue", String?.self), Query("q", String?.self), Query("before", Int?.self),
            Query("limit", .int(in: 1...100), default: 50), ContextInput()
        ) { [jobs] _, state, task, queue, text, before, limit, context in
            let query = JobQuery(
                state: state, task: task, queue: queue, text: text, before: before, limit: limit)
            return try await Self.translated { try await jobs.jobs(query, on: context.loop) }
        }
        .name("read_jobs").description("Read jobs, the newest first; for moderators.").tags("jobs")
        .refusesOthers()
        app.get("/jobs/summary", moderator, ContextInput()) { [jobs] _, context in
            try await Self.translated { try await jobs.summary(on: context.loop) }
        }
        .name("read_job_summary")
        .description("Read how many jobs there are, with queues, workers and schedules; for moderators.")
        .tags("jobs").refusesOthers()
        app.get("/jobs/{job_id}", id, moderator) { [jobs, notFound] id, _ in
            guard let job = try await Self.translated({ try await jobs.job(id) }) else { throw notFound }
            return job
        }
        .name("read_job").description("Read a job by ID; for moderators.").tags("jobs")
        .responds(.notFound, Self.missing).refusesOthers()
    }

    private func registerChanges(in app: inout App) {
        app.post("/jobs/{job_id}/retry", id, moderator) { [self] id, _ in
            try await change(id) { try await jobs.retry(id) }
        }
        .name("retry_job").description("Have a job that has ended tried again; for moderators.").tags("jobs")
        .responds(.notFound, Self.missing).responds(.conflict, "The job has not ended").refusesOthers()
        app.post("/jobs/{job_id}/cancel", id, moderator) { [self] id, _ in
            try await change(id) { try await jobs.cancel(id) }
        }
        .name("cancel_job").description("Cancel a job that waits or runs; for moderators.").tags("jobs")
        .responds(.notFound, Self.missing).responds(.conflict, "The job has ended").refusesOthers()
    }

    private func change(_ id: Int, _ body: () async throws -> Bool) async throws -> Job {
        try await Self.translated {
            guard try await body(), let job = try await jobs.job(id) else { throw notFound }
            return job
        }
    }

    private func registerQueues(in app: inout App) {
        app.put("/jobs/queues/{queue}", Path("queue", String.self), moderator, Body(JobQueueUpdate.self)) {
            [jobs] queue, _, update in
            let name = queue == JobSummary.everyQueue ? nil : queue
            if let name, !jobs.queueNames.contains(name) {
                throw HTTPError(.notFound, "Queue not found")
            }
            try await Self.translated {
                if update.isPaused { try await jobs.pause(name) } else { try await jobs.resume(name) }
            }
            return update
        }
        .name("update_job_queue")
        .description("Pause or resume a queue, or all as *; for moderators.").tags("jobs")
        .responds(.notFound, "Queue not found").refusesOthers()
    }

    /// Says in HTTP's terms what could not be done.
    static func translated<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let error as JobError {
            throw HTTPError(.conflict, "\(error)")
        } catch let error as DatabaseError {
            throw StoreError.translated(error)
        }
    }
}

/// What a moderator says of a queue.
struct JobQueueUpdate: Hashable, Sendable {
    let isPaused: Bool
}

extension JobQueueUpdate: SchemaRepresentable {
    static let schema = Object(JobQueueUpdate.init) {
        Field("is_paused", \.isPaused)
    }
}
