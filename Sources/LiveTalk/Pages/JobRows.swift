import Crane
import CraneCelery
import CraneJobs
import CraneSchema

/// What the page of the jobs says of them.
///
/// Times are said by the clock, which a script replaces by how long ago and how soon: so the page is the same as long as nothing happens.
struct JobRows: Sendable {
    let strings: PageStrings

    /// How many work, how long somebody waits, and what is paused.
    func standing(_ summary: JobSummary) -> String {
        var facts = [strings.counted("jobs_workers", summary.workers.count)]
        if let oldest = summary.oldestDue {
            facts.append(strings.text("jobs_oldest", ["time": PageTime.clock(oldest)]))
        }
        let paused = summary.queues.filter(\.isPaused).map(\.name)
        if !paused.isEmpty {
            facts.append(strings.text("jobs_paused", ["queues": paused.joined(separator: ", ")]))
        }
        return facts.joined(separator: " · ")
    }

    /// The numbers of jobs in each state, which are the filters.
    func counts(_ summary: JobSummary, _ view: JobsPage.View, _ frame: PageFrame) -> JSONValue {
        let counts = summary.counts
        let numbers: [(Job.State, Int)] = [
            (.waiting, counts.due + counts.later), (.running, counts.running), (.dead, counts.dead),
            (.done, counts.done), (.cancelled, counts.cancelled),
        ]
        return .array(
            numbers.map { state, number in
                let isCurrent = view.state == state
                let filtered = JobsPage.View(state: isCurrent ? nil : state, text: view.text)
                return [
                    "state": .string(state.rawValue), "word": .string(word(state)),
                    "number": .string("\(number)"), "isCurrent": .bool(isCurrent),
                    "address": .string(filtered.address(in: frame)),
                ]
            })
    }

    private func word(_ state: Job.State) -> String { strings.text("jobs_\(state.rawValue)") }

    // MARK: The last hour

    private static let (minutes, width, height) = (60, 10, 64)

    /// Sixty bars, what failed on top of what was done.
    func chart(_ summary: JobSummary) -> JSONValue {
        let last = Timestamp.now.microseconds / 60_000_000
        let peak = summary.minutes.map { $0.done + $0.failed }.max() ?? 0
        var bars: [JSONValue] = []
        for minute in summary.minutes {
            let place = Self.minutes - 1 - (last - minute.at.microseconds / 60_000_000)
            guard (0..<Self.minutes).contains(place) else { continue }
            let done = Self.size(minute.done, peak)
            let failed = Self.size(minute.failed, peak)
            for (size, above, isBad) in [(done, 0, false), (failed, done, true)] where size > 0 {
                bars.append([
                    "x": .integer(place * Self.width + 1), "y": .integer(Self.height - above - size),
                    "height": .integer(size), "isBad": .bool(isBad),
                ])
            }
        }
        return [
            "bars": .array(bars),
            "peak": .string(strings.text("jobs_peak", ["n": peak])),
            "label": .string(
                strings.text(
                    "jobs_chart",
                    [
                        "done": summary.minutes.reduce(0) { $0 + $1.done },
                        "failed": summary.minutes.reduce(0) { $0 + $1.failed },
                    ])),
        ]
    }

    /// What there is, is seen.
    private static func size(_ number: Int, _ peak: Int) -> Int {
        number == 0 ? 0 : max(2, number * (height - 4) / peak)
    }

    // MARK: One job

    func row(_ job: Job, _ view: JobsPage.View, _ frame: PageFrame) -> JSONValue {
        var members = facts(job)
        members.append(.init("address", .string(view.showing(job.id).address(in: frame))))
        members.append(.init("input", .string(Self.short(Self.json(job.input), 120))))
        return .object(members)
    }

    /// A job with all that is known of it.
    func whole(_ job: Job) -> JSONValue {
        let failures = job.failures.map { failure -> JSONValue in
            [
                "number": .integer(failure.attempt), "at": .string("\(failure.failedAt)"),
                "clock": .string(PageTime.clock(failure.failedAt)), "error": .string(failure.error),
            ]
        }
        let facts: [(String, String?)] = [
            ("jobs_queue", job.queue), ("jobs_priority", "\(job.priority)"),
            ("jobs_created", PageTime.clock(job.createdAt)),
            ("jobs_started", job.startedAt.map(PageTime.clock)),
            ("jobs_finished", job.finishedAt.map(PageTime.clock)),
            ("jobs_progress", job.progress.map { "\(Int($0 * 100)) %" }), ("jobs_worker", job.worker),
            ("jobs_unique", job.uniqueKey), ("jobs_limit", job.limitKey.isEmpty ? nil : job.limitKey),
        ]
        return .object(
            self.facts(job) + [
                .init("input", .string(Self.json(job.input))), .init("failures", .array(failures)),
                .init("reason", job.failures.last.map { .string($0.error) } ?? .null),
                .init(
                    "facts",
                    .array(
                        facts.compactMap { name, value in
                            value.map { ["name": .string(strings.text(name)), "value": .string($0)] }
                        })),
            ])
    }

    /// A task of Celery's.
    func row(_ task: BrokerTask) -> JSONValue {
        let result = task.result.map { Self.short(Self.json($0), 120) }
        return [
            "id": .string(task.id), "task": .string(task.name ?? strings.text("jobs_celery_task")),
            "state": .string(task.jobState.rawValue), "word": .string(word(task.jobState)),
            "queue": .string(task.queue ?? "–"), "result": result.map { .string($0) } ?? .null,
            "at": task.at.map { .string("\($0)") } ?? .null,
            "clock": task.at.map { .string(PageTime.clock($0)) } ?? .null,
        ]
    }

    /// What a row and the whole job have in common.
    private func facts(_ job: Job) -> [JSONValue.Member] {
        let isAgain = job.state == .waiting && job.attempt > 0
        let due = job.state == .waiting ? job.runAt : nil
        return [
            .init("id", .integer(job.id)), .init("task", .string(job.task)),
            .init("state", .string(isAgain ? "retrying" : job.state.rawValue)),
            .init("word", .string(isAgain ? strings.text("jobs_retrying") : word(job.state))),
            .init(
                "attempts",
                .string(strings.text("jobs_of", ["n": job.attempt, "m": job.attempts]))),
            .init("due", due.map { .string("\($0)") } ?? .null),
            .init("dueClock", due.map { .string(PageTime.clock($0)) } ?? .null),
            .init(
                "since", job.state == .running ? job.startedAt.map { .string("\($0)") } ?? .null : .null),
            .init(
                "sinceClock",
                job.state == .running ? job.startedAt.map { .string(PageTime.clock($0)) } ?? .null : .null),
            .init("took", took(job).map { .string($0) } ?? .null),
            .init("canRetry", .bool(job.state.hasEnded)),
            .init("canCancel", .bool(!job.state.hasEnded && !job.isCancelled)),
        ]
    }

    /// How long the last attempt took.
    private func took(_ job: Job) -> String? {
        guard let start = job.startedAt, let end = job.finishedAt, job.state.hasEnded else { return nil }
        let tenths = max(0, end.microseconds - start.microseconds) / 100_000
        return strings.text("seconds", ["n": "\(tenths / 10).\(tenths % 10)"])
    }

    private static func json(_ value: JSONValue) -> String {
        String(decoding: JSONValue.schema.encode(value), as: UTF8.self)
    }

    private static func short(_ text: String, _ length: Int) -> String {
        text.utf8.count > length ? text.prefix(length) + "…" : text
    }
}
