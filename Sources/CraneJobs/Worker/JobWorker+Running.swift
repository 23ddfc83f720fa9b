import CraneLoop
import CraneSchema
import Logging

extension JobWorker {
    /// Asks for jobs of all queues that have a place and may have something due.
    func claim(at now: Timestamp) {
        guard !isClaiming, !isStopping else { return }
        var claims: [JobClaim] = []
        for (name, queue) in queues where queue.isReady && queue.free > 0 {
            claims.append(
                JobClaim(
                    queue: name, count: queue.free, limit: queue.limits.limit, rate: queue.limits.rate,
                    after: queue.after))
            // What comes from here on sets it again.
            queues[name]?.isReady = false
        }
        if claims.isEmpty { return }
        isClaiming = true
        start { [claims] worker in
            do {
                let claimed = try await worker.store.claim(claims, for: worker.id, at: worker.clock.now)
                worker.storeAnswered()
                for (claim, claimed) in zip(claims, claimed) {
                    worker.queues[claim.queue]?.took(claimed, of: claim)
                }
                for claimed in claimed { for job in claimed.jobs { worker.run(job) } }
            } catch {
                for claim in claims { worker.queues[claim.queue]?.isReady = true }
                worker.storeFailed(error)
            }
            worker.isClaiming = false
            worker.pump()
        }
    }

    private func run(_ claimed: ClaimedJob) {
        let job = RunningJob(claimed, worker: id, loop: loop, logger: logger) { [weak self] job in
            self?.execute { worker in worker.noteProgress(of: job) }
        }
        let entry = JobEntry(job, claimed, tasks[claimed.task], startedAt: clock.now)
        running[ObjectIdentifier(job)] = entry
        tally.change {
            $0.started += 1
            $0.running += 1
        }
        let (task, input) = (entry.task, claimed.input)
        let key = ObjectIdentifier(job)
        let handling = loop.events.startTask { [self] in
            var failure: (any Error)?
            do {
                guard let task else { throw UnknownTask(name: claimed.task) }
                try await task.run(job, input: input)
            } catch {
                failure = error
            }
            let result = failure
            // A handler may have left the loop.
            if loop.events.isCurrent { ended(key, result) } else { execute { $0.ended(key, result) } }
        }
        job.began(as: handling)
    }

    /// The handler has returned, or thrown.
    private func ended(_ key: ObjectIdentifier, _ failure: (any Error)?) {
        guard let entry = running[key] else { return }
        let took = clock.now.microseconds - entry.startedAt.microseconds
        tally.change { $0.microseconds += took }
        if entry.phase == .abandoned { return free(entry) }
        if entry.job.isCompleted {
            if let failure {
                entry.job.logger.error("the job has thrown after its end", metadata: ["error": "\(failure)"])
            }
            tally.change { $0.done += 1 }
            return free(entry)
        }
        guard let outcome = outcome(of: entry, failure) else { return free(entry) }
        entry.phase = .ending
        end(entry, outcome)
    }

    /// Has an end written, together with all others of this turn.
    func end(_ entry: JobEntry, _ outcome: JobResult.Outcome) {
        ends.append((JobResult(id: entry.job.id, attempt: entry.job.attempt, outcome), entry))
        pumpSoon()
    }

    /// What becomes of an attempt; `nil` for one that is no longer its own.
    func outcome(of entry: JobEntry, _ failure: (any Error)?) -> JobResult.Outcome? {
        guard let failure else { return .done }
        let job = entry.job
        if case JobError.lost = failure {
            job.logger.warning("the job was lost to another worker")
            return nil
        }
        switch job.reason {
        case .lost: return nil
        case .stopped: return .released
        case .cancelled: return .cancelled("cancelled")
        case .timedOut:
            return failed(entry, "it took longer than \(entry.task?.timeout ?? .zero)")
        case nil: break
        }
        switch failure {
        case JobFailure.giveUp(let reason): return dead(entry, reason)
        case JobFailure.again(let pause, let reason): return failed(entry, reason, after: pause)
        default: return failed(entry, "\(failure)")
        }
    }

    private func failed(_ entry: JobEntry, _ reason: String, after pause: Duration? = nil)
        -> JobResult.Outcome
    {
        let job = entry.job
        guard job.attempt < job.attempts else { return dead(entry, reason) }
        let pause = pause ?? (entry.task?.backOff ?? JobBackOff()).wait(after: job.attempt)
        job.logger.warning(
            "the job failed and is tried again",
            metadata: ["attempt": "\(job.attempt)", "error": "\(Self.short(reason))"])
        return .failed(Self.short(reason), again: clock.now.advanced(by: pause))
    }

    private func dead(_ entry: JobEntry, _ reason: String) -> JobResult.Outcome {
        entry.job.logger.error(
            "the job is dead",
            metadata: ["attempt": "\(entry.job.attempt)", "error": "\(Self.short(reason))"])
        return .failed(Self.short(reason), again: nil)
    }

    /// At most 2 KiB of an error's text are kept.
    private static func short(_ text: String) -> String {
        guard text.utf8.count > 2048 else { return text }
        return String(decoding: Array(text.utf8.prefix(2045)), as: UTF8.self) + "..."
    }

    // MARK: Ends

    func writeEnds() {
        guard !isFinishing, !ends.isEmpty, retryAt == nil else { return }
        isFinishing = true
        let writing = ends.map(\.end)
        start { worker in
            do {
                let results = try await worker.store.finish(writing, of: worker.id, at: worker.clock.now)
                worker.storeAnswered()
                worker.wereWritten(writing, results)
            } catch {
                // They are kept, and with them their places: nothing more is begun than can be ended.
                worker.storeFailed(error)
            }
            worker.isFinishing = false
            worker.pump()
        }
    }

    private func wereWritten(_ written: [JobResult], _ results: [Bool]) {
        let entries = ends.prefix(written.count).map(\.entry)
        ends.removeFirst(written.count)
        tally.change { tally in
            for (end, isEnded) in zip(written, results) where isEnded { tally.count(end.outcome) }
        }
        for ((end, isEnded), entry) in zip(zip(written, results), entries) {
            if !isEnded { entry.job.logger.warning("the job was lost to another worker") }
            if case .failed(_, let again?) = end.outcome { queues[entry.job.queue]?.isDue(at: again) }
            if entry.phase == .ending { free(entry) }
        }
    }

    /// Its place is free again.
    private func free(_ entry: JobEntry) {
        running[ObjectIdentifier(entry.job)] = nil
        progressed[ObjectIdentifier(entry.job)] = nil
        queues[entry.job.queue]?.ended()
        tally.change { $0.running -= 1 }
        pumpSoon()
    }

    private func noteProgress(of job: RunningJob) {
        guard running[ObjectIdentifier(job)] != nil else { return }
        if progressed.isEmpty { progressAt = clock.now.advanced(by: .seconds(1)) }
        progressed[ObjectIdentifier(job)] = job
        pump()
    }
}

/// A job's task is not declared in this program.
struct UnknownTask: Error, CustomStringConvertible {
    let name: String

    var description: String { "there is no task \(name) in this program" }
}

extension JobCounters {
    fileprivate mutating func count(_ outcome: JobResult.Outcome) {
        switch outcome {
        case .done: done += 1
        case .failed(_, let again):
            failed += 1
            if again == nil { dead += 1 }
        case .cancelled: cancelled += 1
        case .released: break
        }
    }
}
