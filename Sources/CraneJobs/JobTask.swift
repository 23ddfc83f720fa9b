public import CraneSchema
import Logging

/// A declared task, by which its jobs are made.
public struct JobTask<Input: SchemaRepresentable>: Sendable {
    public let name: String
    public let queue: String
    let priority: Int
    let attempts: Int
    let timeout: Duration
    let backOff: JobBackOff
    let unique: (@Sendable (Input) -> String)?
    let limit: JobLimit<Input>?
    let clock: JobClock
    let store: any JobStore
    let handler: @Sendable @concurrent (Input, RunningJob) async throws -> Void

    /// A job of this task, to be enqueued with others or in a transaction of the database: `connection.enqueue(job)`.
    ///
    /// - Parameters:
    ///   - input: what the handler gets.
    ///   - delay: how long it waits before it is due.
    ///   - priority: in the place of the task's own, from 0 to 9.
    /// - Throws: `JobError.invalid` for an input that its own description refuses, or that is longer than 256 KiB as JSON.
    public func job(
        _ input: Input, delay: Duration = .zero, priority: Int? = nil
    ) throws(JobError) -> NewJob {
        let now = clock.now
        return try job(input, priority: priority, createdAt: now, runAt: now.advanced(by: delay))
    }

    /// A job that is due at a time.
    public func job(_ input: Input, at time: Timestamp, priority: Int? = nil) throws(JobError) -> NewJob {
        try job(input, priority: priority, createdAt: clock.now, runAt: time)
    }

    /// Enqueues a job by itself; it is on the disk when this returns its id, or that of the job with its key that is there already.
    @discardableResult
    public func enqueue(
        _ input: Input, delay: Duration = .zero, priority: Int? = nil
    ) async throws -> Int {
        try await store.enqueue([try job(input, delay: delay, priority: priority)])[0]
    }

    private func job(
        _ input: Input, priority: Int?, createdAt: Timestamp, runAt: Timestamp
    ) throws(JobError) -> NewJob {
        let priority = priority ?? self.priority
        guard 0...9 ~= priority else { throw .invalid("the priority \(priority) is not from 0 to 9") }
        let json = Input.schema.encode(input)
        guard json.count <= NewJob.longestInput else {
            throw .invalid("the input of \(name) has \(json.count) bytes, and 262144 at most")
        }
        do { _ = try Input.schema.decode(json, root: "input") } catch {
            throw .invalid("the input of \(name): \(error)")
        }
        let key = unique?(input)
        let limitKey = limit.map { "\(name):\($0.key(input))" } ?? ""
        guard (key?.utf8.count ?? 0) <= NewJob.longestKey, limitKey.utf8.count <= NewJob.longestKey else {
            throw .invalid("a key of \(name) is longer than \(NewJob.longestKey) bytes")
        }
        return NewJob(
            task: name, queue: queue, priority: priority, attempts: attempts, runAt: runAt, input: json,
            uniqueKey: key, limitKey: limitKey, limit: limit?.count, createdAt: createdAt)
    }

    /// What can never work.
    var mistake: String? {
        if name.isEmpty || name.utf8.count > 128 { return "its name has from 1 to 128 bytes" }
        if queue.isEmpty || queue.utf8.count > 128 || queue == JobSummary.everyQueue {
            return "its queue's name has from 1 to 128 bytes, and is not *"
        }
        if !(0...9).contains(priority) { return "its priority is not from 0 to 9" }
        if !(1...100).contains(attempts) { return "it is tried from once to 100 times" }
        if timeout <= .zero { return "its time-out leaves it no time" }
        if limit.map({ $0.count < 1 }) ?? false { return "its limit lets no job run" }
        return backOff.mistake
    }
}

extension JobTask where Input == NoInput {
    /// Enqueues a job by itself.
    @discardableResult
    public func enqueue(delay: Duration = .zero, priority: Int? = nil) async throws -> Int {
        try await enqueue(NoInput(), delay: delay, priority: priority)
    }

    /// A job of this task, to be enqueued with others or in a transaction of the database.
    public func job(delay: Duration = .zero, priority: Int? = nil) throws(JobError) -> NewJob {
        try job(NoInput(), delay: delay, priority: priority)
    }
}

/// A task as the worker knows it.
protocol AnyJobTask: Sendable {
    var timeout: Duration { get }
    var backOff: JobBackOff { get }
    func run(_ job: RunningJob, input: [UInt8]) async throws
}

extension JobTask: AnyJobTask {
    func run(_ job: RunningJob, input: [UInt8]) async throws {
        let value: Input
        do { value = try Input.schema.decode(input, root: "input") } catch {
            // It will not fit the next time either.
            throw JobFailure.giveUp("the input does not fit the task: \(error)")
        }
        try await handler(value, job)
    }
}
