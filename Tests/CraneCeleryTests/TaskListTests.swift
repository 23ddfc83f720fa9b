import CraneSQLite
import CraneSchema
import Testing

@testable import CraneCelery

@Suite("The tasks that a broker has")
struct TaskListTests {
    private let database: Database

    init() throws {
        database = try Database(.init(.memory))
        _ = try database.migrate([.celery(1)])
        try database.transaction { connection in
            try connection.execute(
                """
                INSERT INTO celery_message (id, queue, place, body, tag, task, task_id, is_transient, created_at, taken_at, returned)
                VALUES (1, '0/celery', 1, x'', 't1', 'tasks.add', 'a', 0, 1000000, NULL, 0),
                    (2, '0/mail', 2, x'', 't2', 'tasks.send', 'b', 0, 2000000, 3000000, 1),
                    (3, '0/reply.celery.pidbox', 3, x'', 't3', NULL, NULL, 1, 0, NULL, 0),
                    (4, '1/celery', 4, x'', 't4', 'tasks.add', 'other', 0, 0, NULL, 0);
                INSERT INTO celery_key (name, kind, value) VALUES
                    ('0/celery-task-meta-c', 1, '{"status":"SUCCESS","result":5,"traceback":null,"date_done":"2026-11-30T05:00:00.5+00:00"}'),
                    ('0/celery-task-meta-d', 1, '{"status":"FAILURE","result":{"exc_type":"ValueError"},"traceback":"T","date_done":"2026-11-30T05:00:00.5"}'),
                    ('0/celery-task-meta-e', 1, '{"status":"REVOKED","result":null}'),
                    ('0/celery-task-meta-b', 1, '{"status":"STARTED","result":null}'),
                    ('0/celery-task-meta-f', 1, 'no JSON'), ('0/celery-taskset-meta-g', 1, '{"status":"SUCCESS"}'),
                    ('1/celery-task-meta-h', 1, '{"status":"SUCCESS"}'), ('0/_kombu.binding.celery', 3, NULL);
                """)
        }
    }

    private func ids(_ state: BrokerTask.State? = nil, _ text: String? = nil, limit: Int = 50) throws
        -> [String]
    {
        try database.read { try BrokerTask.recent(state: state, text: text, limit: limit, $0).map(\.id) }
    }

    @Test("are its messages and results, the newest first, each once")
    func recent() throws {
        #expect(try ids() == ["b", "a", "e", "d", "c"])
        #expect(try ids(limit: 1) == ["b", "e"])
        #expect(try ids(.waiting) == ["a"])
        #expect(try ids(.running) == ["b"])
        #expect(try ids(.failed) == ["d"])
        #expect(try ids(.revoked) == ["e"])
        #expect(try ids(nil, "send") == ["b"])
        #expect(try ids(.done, "c") == ["c"])
    }

    @Test("are found by their ids, with what is known of them")
    func one() throws {
        func task(_ id: String) throws -> BrokerTask? { try database.read { try BrokerTask.find(id, $0) } }
        let running = try #require(try task("b"))
        #expect((running.name, running.queue, running.returned) == ("tasks.send", "mail", 1))
        #expect(running.at?.microseconds == 2_000_000 && running.takenAt?.microseconds == 3_000_000)
        let done = try #require(try task("c"))
        #expect((done.state, done.result, done.traceback) == (.done, 5, nil))
        #expect("\(try #require(done.at))" == "2026-11-30T05:00:00.500000Z")
        let failed = try #require(try task("d"))
        #expect((failed.result, failed.traceback) == (["exc_type": "ValueError"], "T"))
        #expect(failed.at == done.at)
        #expect(try task("f") == nil)
        #expect(try task("other%") == nil)
    }
}
