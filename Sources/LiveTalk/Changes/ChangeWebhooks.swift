import Crane
import CraneClient
import CraneJobs
import CraneSQLite
import CraneSchema
import CraneService
import CraneWebhooks

/// Tells other servers of each change of a comment that the audience may see: a job for each of them, in the change's transaction.
struct ChangeWebhooks: Sendable {
    /// A job's input: which change, and who is told. What the comment says is read when it is sent.
    struct Delivery: Hashable, Sendable {
        let endpoint: String
        /// Epoch, talk and number: the same in every attempt.
        let id: String
        let talkID: Int
        let seq: Int
        let kind: String
        let commentID: Int
        let at: Timestamp
    }

    private static let queue = "webhooks"

    private let sender: WebhookSender
    private let task: JobTask<Delivery>

    /// Declares the task of the endpoints in the settings; `nil` where there are none, and none has left a job.
    ///
    /// - Parameter body: what is sent of a change, as it is when it is sent.
    /// - Throws: for a network that is none, and where there is no libcurl to send by.
    init?(
        _ settings: Settings, _ jobs: Jobs, body: @escaping @Sendable (Change) async throws -> [UInt8]
    ) throws(StartError) {
        do {
            sender = WebhookSender(
                settings.webhooks, addresses: try AllowedAddresses(publicAnd: settings.webhookNetworks))
        } catch {
            throw StartError("LIVETALK_WEBHOOK_NETWORKS: \(error)")
        }
        if !settings.webhooks.isEmpty {
            do { try HTTPClient.loadLibrary() } catch {
                throw StartError("LIVETALK_WEBHOOKS: \(error.message)")
            }
        }
        // Declared without endpoints too: jobs that are left from before end with a reason.
        task = jobs.task(
            "webhook", input: Delivery.self, queue: Self.queue, attempts: WebhookSender.attempts,
            timeout: .seconds(30), backOff: WebhookSender.backOff, limit: JobLimit(4) { $0.endpoint }
        ) { [sender] delivery, _ in
            guard let change = delivery.change else {
                throw JobFailure.giveUp("there is no kind \(delivery.kind) of changes")
            }
            let body = try await ClientBody(body(change), contentType: "application/json")
            try await sender.send(body, id: delivery.id, to: delivery.endpoint)
        }
        if settings.webhooks.isEmpty { return nil }
    }

    /// Enqueues a change's deliveries in its transaction.
    func enqueue(_ change: Change, _ connection: Connection) throws {
        guard change.isOpen, change.commentID != nil else { return }
        for job in try deliveries(of: change, epoch: FeedEpoch.current(connection)) {
            try connection.enqueue(job)
        }
    }

    /// A job for each endpoint; none for a change that the audience may not see, or that is of no comment.
    ///
    /// - Parameter epoch: that of the feed, which makes an id of the talk and its number.
    func deliveries(of change: Change, epoch: String) throws -> [NewJob] {
        guard change.isOpen, let commentID = change.commentID else { return [] }
        return try sender.endpoints.map { endpoint in
            try task.job(
                Delivery(
                    endpoint: endpoint.name, id: "\(epoch)-\(change.talkID)-\(change.seq)",
                    talkID: change.talkID,
                    seq: change.seq, kind: change.kind.name, commentID: commentID, at: change.at))
        }
    }
}

extension ChangeWebhooks.Delivery: SchemaRepresentable {
    static let schema = Object(
        ChangeWebhooks.Delivery.init, name: "WebhookDelivery", description: "A change that a server is told"
    ) {
        Field("endpoint", \.endpoint)
        Field("id", \.id)
        Field("talk_id", \.talkID)
        Field("seq", \.seq)
        Field("kind", \.kind)
        Field("comment_id", \.commentID)
        Field("at", \.at)
    }

    /// The change, as its log had it; `nil` for a kind that this program does not know.
    fileprivate var change: Change? {
        ChangeKind.allCases.first { $0.name == kind }.map { kind in
            Change(
                talkID: talkID, seq: seq, prev: 0, kind: kind, isOpen: true, commentID: commentID, at: at)
        }
    }
}
