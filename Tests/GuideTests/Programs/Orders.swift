import Crane
import CraneJobs
import CraneSQLite

struct NewOrder: SchemaRepresentable {
    let item: String
    let email: String

    static let schema = Object(NewOrder.init) {
        Field("item", \.item, .string(minLength: 1))
        Field("email", \.email, .string(maxLength: 254))
    }
}

struct Order: Record {
    let id: Int
    let item: String
    let email: String
    let receipt: String?

    static let schema = Object(Order.init) {
        Field("id", \.id)
        Field("item", \.item)
        Field("email", \.email)
        Field("receipt", \.receipt, default: nil)
    }
    static let table = Table<Order>("orders")
}

struct Receipt: SchemaRepresentable {
    let order: Int

    static let schema = Object(Receipt.init) {
        Field("order", \.order)
    }
}

struct Written: SchemaRepresentable {
    let receipt: String

    static let schema = Object(Written.init) {
        Field("receipt", \.receipt)
    }
}

let database = try Database(Database.Configuration(.file("orders.db")))
try database.migrate([Migration(1, "orders", creating: Order.table), .jobs(2)])

let jobs = Jobs(SQLiteJobStore(database))

let writeReceipt = jobs.task(
    "write-receipt", input: Receipt.self, queue: "office", attempts: 5, timeout: .seconds(30)
) { receipt, job in
    guard let order = try database.read({ try $0.find(Order.self, receipt.order) }) else {
        throw JobFailure.giveUp("there is no order \(receipt.order)")
    }
    let text = try await job.blocking { "One \(order.item) for \(order.email), on attempt \(job.attempt)" }
    try await database.write { connection in
        _ = try connection.update(Order.self, order.id, to: Written(receipt: text))
        try job.complete(in: connection)
    }
}

let removeOld = jobs.task("remove-old") { job in
    try await database.write { connection in
        try connection.prepare("DELETE FROM orders WHERE id < (SELECT max(id) FROM orders) - 1000").run()
        try job.complete(in: connection)
    }
}
try jobs.schedule("remove-old", cron: "30 3 * * mon-fri", zone: "Africa/Kampala", removeOld)

var app = App(title: "Orders")

app.post("/orders", Body(NewOrder.self)) { new in
    try await database.write { connection in
        let order = try connection.insert(new, into: Order.self)
        try connection.enqueue(writeReceipt.job(Receipt(order: order.id)))
        return order
    }
}.status(.created)

app.get("/orders/{id}/receipt", Path("id", Int.self)) { id in
    guard let order = try database.read({ try $0.find(Order.self, id) }) else {
        throw HTTPError(.notFound, "No such order")
    }
    guard let receipt = order.receipt else {
        throw HTTPError(.serviceUnavailable, "Not written yet", headers: [.retryAfter: "1"])
    }
    return ["receipt": receipt]
}

app.post("/receipts", Body(Receipt.self)) { receipt in
    ["job": try await writeReceipt.enqueue(receipt, delay: .seconds(3600), priority: 5)]
}.status(.accepted)

app.get("/jobs/{id}", Path("id", Int.self)) { id in
    guard let job = try await jobs.job(id) else { throw HTTPError(.notFound, "No such job") }
    return job
}

app.delete("/jobs/{id}", Path("id", Int.self)) { id in
    guard try await jobs.cancel(id) else { throw HTTPError(.notFound, "No such job") }
}

try jobs.start()
try await app.run(port: 8000)
await jobs.stop()
database.close()
