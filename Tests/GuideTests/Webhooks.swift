// The examples of Docs/Guide/Webhooks.md.
import Crane
import CraneClient
import CraneJobs
import CraneSQLite
import CraneTesting
import CraneWebhooks
import TestSupport
import Testing

private struct Invoice: Record {
    let id: Int
    let total: Int

    static let schema = Object(Invoice.init) {
        Field("id", \.id)
        Field("total", \.total)
    }
    static let table = Table<Invoice>("invoice")
}

private struct Push: SchemaRepresentable {
    let ref: String
    static let schema = Object(Push.init) { Field("ref", \.ref) }
}

private struct NewInvoice: SchemaRepresentable {
    let total: Int

    static let schema = Object(NewInvoice.init) {
        Field("total", \.total)
    }
}

private struct Notice: SchemaRepresentable {
    let endpoint: String
    let invoice: Int

    static let schema = Object(Notice.init) {
        Field("endpoint", \.endpoint)
        Field("invoice", \.invoice)
    }
}

func receiverApp(_ secret: WebhookSecret = .random(), _ received: Journal<String> = Journal()) -> App {
    var app = App(title: "Receiver")
    app.post("/webhooks", SignedWebhook(secret)) { webhook in
        let invoice = try webhook.decoded(as: Invoice.self)
        received.note("\(webhook.id): \(invoice.total)")
    }
    let theirs = SignedBody("X-Hub-Signature-256", "sha256=", secret: "a secret of theirs")
    app.post("/pushes", theirs) { message in
        let push = try message.decoded(as: Push.self)
        return ["id": message.headers["X-GitHub-Delivery"] ?? "none", "ref": push.ref]
    }
    return app
}

private func invoicesApp(_ database: Database, _ jobs: Jobs, _ endpoints: [WebhookEndpoint]) throws -> App {
    let webhooks = WebhookSender(endpoints, addresses: try AllowedAddresses(publicAnd: ["127.0.0.0/8"]))
    let tell = jobs.task(
        "tell", input: Notice.self, queue: "webhooks", attempts: WebhookSender.attempts,
        timeout: .seconds(30), backOff: WebhookSender.backOff, limit: JobLimit(4) { $0.endpoint }
    ) { notice, _ in
        guard let invoice = try database.read({ try $0.find(Invoice.self, notice.invoice) }) else { return }
        try await webhooks.send(.json(invoice), id: "invoice-\(invoice.id)", to: notice.endpoint)
    }
    var app = App(title: "Invoices")
    app.post("/invoices", Body(NewInvoice.self)) { new in
        try await database.write { connection in
            let invoice = try connection.insert(new, into: Invoice.self)
            for endpoint in webhooks.endpoints {
                try connection.enqueue(tell.job(Notice(endpoint: endpoint.name, invoice: invoice.id)))
            }
            return invoice
        }
    }.status(.created)
    return app
}

@Suite("The guide to webhooks", .timeLimit(.minutes(1)))
struct WebhooksGuideTests {
    @Test("tells another server of what was written")
    func told() async throws {
        let secret = WebhookSecret.random()
        let received = Journal<String>()
        let receiver = try LiveTransport(receiverApp(secret, received).build())
        let database = try Database(.init(.memory))
        _ = try database.migrate([Migration(1, "invoices", creating: Invoice.table), .jobs(2)])
        let jobs = Jobs(SQLiteJobStore(database))
        let endpoint = WebhookEndpoint(
            url: "http://127.0.0.1:\(receiver.port)/webhooks", secret: secret)
        let app = try invoicesApp(database, jobs, [#require(endpoint)])
        try jobs.start()
        let response = try await TestClient(app).post("/invoices", json: ["total": 42])
        #expect(response.status == .created)
        #expect(try await received.wait(forCount: 1) == ["invoice-1: 42"])
        await jobs.stop()
        database.close()
        try await receiver.close()
    }
}
