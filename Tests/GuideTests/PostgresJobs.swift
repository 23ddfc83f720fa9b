// The jobs of Docs/Guide/Postgres.md.
import Crane
import CraneJobs
import CranePostgres
import CranePostgresJobs
import TestSupport
import Testing

struct Sale: SchemaRepresentable {
    let item: Int
    static let schema = Object(Sale.init) { Field("item", \.item) }
}

func shopJobs(_ shop: Shop) -> (jobs: Jobs, takeOut: JobTask<Sale>) {
    let jobs = Jobs(PostgresJobStore(shop.database))
    let takeOut = jobs.task("take-out", input: Sale.self) { sale, job in
        try await shop.database.transaction { transaction in
            try await transaction.execute("DELETE FROM item WHERE id = \(sale.item)")
            try await job.complete(in: transaction)
        }
    }
    return (jobs, takeOut)
}

extension Shop {
    func sell(_ item: Int, _ takeOut: JobTask<Sale>) async throws {
        try await database.transaction { transaction in
            try await transaction.execute("UPDATE item SET price = 0 WHERE id = \(item)")
            try await transaction.enqueue(takeOut.job(Sale(item: item)))
        }
    }
}

@Suite("PostgreSQL's jobs", .timeLimit(.minutes(5)))
struct PostgresJobsChapterTests {
    @Test("what is sold is taken out", .needsPostgres)
    func sells() async throws {
        let shop = try openShop(PostgresServer.shared().database())
        try shop.database.configuration.migrate(shopSchema + [.jobs(2)])
        let tea = try await shop.add("tea", for: 4.5)
        let (jobs, takeOut) = shopJobs(shop)
        try jobs.start()
        try await shop.sell(tea, takeOut)
        await jobs.waitUntilIdle()
        #expect(try await shop.find([tea]).isEmpty)
        await jobs.stop()
    }
}
