import CraneSchema
import Logging

extension JobWorker {
    /// Does what the time has come for.
    func tick(at now: Timestamp) {
        for (name, queue) in queues where queue.next.map({ $0 <= now }) ?? false {
            queues[name]?.next = nil
            queues[name]?.isReady = true
        }
        if let pollAt, pollAt <= now {
            self.pollAt = now.advanced(by: options.pollInterval)
            for name in queues.keys { queues[name]?.isReady = true }
        }
        for entry in running.values where entry.phase == .running && entry.deadline <= now {
            isLate(entry, now)
        }
        if !isStopping, schedules.contains(where: { $0.next.map { $0 <= now } ?? false }) {
            enqueueScheduled()
        }
        if heartbeatAt <= now { beat(at: now) }
        if pruneAt <= now { prune(at: now) }
        if !progressed.isEmpty, progressAt <= now { writeProgress() }
    }

    /// First the handler's task is cancelled; one that goes on all the same is given up.
    private func isLate(_ entry: JobEntry, _ now: Timestamp) {
        let job = entry.job
        guard job.reason != nil else {
            entry.deadline = now.advanced(by: options.abandonment)
            return job.end(because: .timedOut)
        }
        job.logger.error("the handler does not heed its cancellation: the job goes on without it")
        if let outcome = outcome(of: entry, CancellationError()) { end(entry, outcome) }
        entry.phase = .abandoned
    }

    /// Cancels the attempt of a job that runs here.
    func cancel(_ id: Int) {
        for entry in running.values where entry.job.id == id && entry.phase == .running {
            entry.job.end(because: .cancelled)
            entry.deadline = min(entry.deadline, clock.now.advanced(by: options.abandonment))
        }
    }

    // MARK: Signs of life

    private func beat(at now: Timestamp) {
        guard !isBeating else { return }
        isBeating = true
        heartbeatAt = now.advanced(by: options.heartbeat)
        start { worker in
            do {
                let beat = try await worker.store.beat(worker.id, at: worker.clock.now)
                worker.storeAnswered()
                if beat.isAlive {
                    worker.lastBeat = worker.clock.now
                    for id in beat.cancelled { worker.cancel(id) }
                } else {
                    try await worker.beginAnew()
                }
                if worker.store.isShared {
                    let now = worker.clock.now
                    let oldest = now.advanced(by: .zero - worker.options.lease)
                    _ = try await worker.store.rescue(silentSince: oldest, at: now)
                }
            } catch {
                worker.storeFailed(error)
                worker.stopWhatMayBeLost()
            }
            worker.isBeating = false
            worker.pump()
        }
    }

    /// Others take a worker for dead that has not been heard of, and run its jobs: it must not run them too.
    private func stopWhatMayBeLost() {
        guard store.isShared, lastBeat.advanced(by: options.lease * 2 / 3) <= clock.now else { return }
        for entry in running.values { entry.job.end(because: .lost) }
    }

    /// It was taken for dead: what it runs is others', and it goes on under a new name.
    private func beginAnew() async throws {
        logger.error("the worker was taken for dead: it cancels what it runs and begins anew")
        for entry in running.values { entry.job.end(because: .lost) }
        id = .random()
        try await store.begin(id, node: options.node, at: clock.now)
        lastBeat = clock.now
    }

    // MARK: Schedules

    /// Enters the schedules, and takes over when each is due.
    func settleSchedules() async throws {
        let now = clock.now
        let kept = schedules.compactMap { $0.kept(after: now) }
        for kept in try await store.settle(kept) {
            guard let place = schedules.firstIndex(where: { $0.name == kept.name }) else { continue }
            schedules[place].next = kept.next
        }
    }

    /// Whoever moves a schedule on enqueues its job, in one transaction.
    private func enqueueScheduled() {
        guard !isScheduling else { return }
        isScheduling = true
        start { worker in
            let now = worker.clock.now
            for place in worker.schedules.indices {
                let schedule = worker.schedules[place]
                guard let due = schedule.next, due <= now else { continue }
                do {
                    worker.schedules[place].next = try await worker.store.advance(
                        schedule.name, from: due, to: schedule.cron.next(after: now), try schedule.make())
                    worker.storeAnswered()
                } catch let error as JobError {
                    // The program gives an input that its task refuses.
                    worker.logger.error("schedule \(schedule.name): \(error)")
                    worker.schedules[place].next = schedule.cron.next(after: now)
                } catch {
                    worker.storeFailed(error)
                    break
                }
            }
            worker.isScheduling = false
            worker.pump()
        }
    }

    // MARK: What is left over

    private func prune(at now: Timestamp) {
        guard !isPruning else { return }
        isPruning = true
        pruneAt = now.advanced(by: .seconds(60))
        start { worker in
            do {
                // Some at a time, as all other writes wait meanwhile.
                while try await worker.store.prune(worker.options.retention, at: worker.clock.now) > 0 {
                    try await worker.loop.sleep(for: .milliseconds(20))
                }
                worker.storeAnswered()
            } catch is CancellationError {
                // The loop ends.
            } catch {
                worker.storeFailed(error)
            }
            worker.isPruning = false
            worker.pump()
        }
    }

    private func writeProgress() {
        let progress = progressed.values.compactMap { job in
            job.takeProgress().map { JobProgress(id: job.id, attempt: job.attempt, $0) }
        }
        progressed = [:]
        start { worker in
            do { try await worker.store.progress(progress, of: worker.id) } catch {
                worker.storeFailed(error)
            }
        }
    }
}
