import CraneCelery
import CraneJobs
import CraneSQLite
import CraneSchema

// Celery's tasks beside the jobs: what the embedded broker has of them.
extension BrokerTask {
    /// The state of a job that means the same.
    var jobState: Job.State { Self.jobState(of: state) }

    private static func jobState(of state: State) -> Job.State {
        switch state {
        case .waiting: .waiting
        case .running: .running
        case .done: .done
        case .failed: .dead
        case .revoked: .cancelled
        }
    }

    /// The tasks whose state means the same as a job's.
    static func recent(
        _ jobState: Job.State?, text: String? = nil, limit: Int, _ connection: Connection
    ) throws -> [BrokerTask] {
        let state = jobState.flatMap { wanted in
            State.allCases.first { Self.jobState(of: $0) == wanted }
        }
        return try recent(state: state, text: text, limit: limit, connection)
    }

    /// The fields of a line, in the order of a job's: id, state, task, queue, attempts, when, error.
    var line: String {
        let error = state == .failed ? result.map(Self.text) : nil
        let fields = [
            id, jobState.rawValue, name ?? "", queue ?? "", "\(returned + (takenAt == nil ? 0 : 1))/-",
            at.map { "\($0)" } ?? "", error ?? "",
        ]
        return fields.map { OneLine.text($0) }.joined(separator: "\t")
    }

    /// What is known of it, a fact a line.
    var lines: [String] {
        let facts: [(String, String?)] = [
            ("id", id), ("task", name), ("state", jobState.rawValue), ("celery queue", queue),
            (state == .waiting || state == .running ? "enqueued" : "finished", at.map { "\($0)" }),
            ("taken", takenAt.map { "\($0)" }), ("returned", returned > 0 ? "\(returned)" : nil),
            ("result", result.map(Self.text)), ("traceback", traceback),
        ]
        return facts.compactMap { name, value in value.map { "\(name): \(OneLine.text($0))" } }
    }

    private static func text(_ value: JSONValue) -> String {
        String(decoding: JSONValue.schema.encode(value), as: UTF8.self)
    }
}
