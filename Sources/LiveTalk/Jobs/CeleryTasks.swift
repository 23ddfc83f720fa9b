import Crane
import CraneCelery
import CraneJobs
import CraneSQLite
import CraneService
import Logging

/// How the service reaches Celery's workers, and the broker of its own if it has one.
struct CeleryTasks: Sendable {
    private let celery: Celery
    /// Where `/process` puts its work.
    let queue: ProcessQueue
    private let broker: CeleryBroker?
    private let choice: BrokerChoice

    /// Starts what the settings ask for; `nil` for nothing.
    ///
    /// - Parameter database: where the embedded broker keeps its messages; `nil` for none that it could.
    /// - Throws: what keeps a broker from listening, as a line for the operator.
    init?(_ settings: Settings, _ database: Database?, _ jobs: Jobs, logger: Logger) throws {
        choice = settings.broker
        switch settings.broker {
        case .off: return nil
        case .redis(let url):
            celery = try Celery(url, origin: "livetalk")
            queue = .outbox(to: celery, jobs)
            broker = nil
        case .embedded:
            guard let database else {
                throw StartError(
                    "LIVETALK_BROKER=embedded needs SQLite: beside PostgreSQL tasks go to a Redis (LIVETALK_BROKER=redis://HOST)"
                )
            }
            var configuration = CeleryBroker.Configuration()
            configuration.address = settings.brokerListen
            configuration.password = settings.brokerPassword
            configuration.grace = settings.brokerGrace
            configuration.loopIndex = settings.workers
            let broker = try CeleryBroker(database, configuration, logger: logger)
            celery = Celery(broker, origin: "livetalk")
            queue = .broker(celery)
            self.broker = broker
        }
    }

    func beginDraining() { broker?.beginDraining() }

    func close() {
        broker?.close()
        celery.close()
    }

    /// What an operator sees at the start.
    var facts: [(String, String)] { [("Celery", broker?.address.celeryURL ?? choice.description)] }

    var metrics: [Metric] {
        guard let counters = broker?.counters else { return [] }
        return [
            .gauge(
                "broker_connections", "Open connections of Celery's workers and clients.",
                counters.connections),
            .gauge(
                "broker_messages", "Messages in queues and with workers, and members of sets.",
                counters.messages),
            .gauge("broker_messages_taken", "Messages that workers have.", counters.taken),
            .gauge("broker_result_bytes", "Bytes of results.", counters.resultBytes),
            .counter("broker_messages_pushed_total", "Messages that came.", counters.pushed),
            .counter("broker_messages_delivered_total", "Messages given out.", counters.delivered),
            .counter(
                "broker_messages_returned_total", "Messages put back when their worker was gone.",
                counters.returned),
            .counter(
                "broker_results_evicted_total", "Results that had to go before their time.", counters.evicted),
            .counter(
                "broker_unknown_commands_total", "Commands and scripts that the broker does not know.",
                counters.unknown),
        ]
    }
}
