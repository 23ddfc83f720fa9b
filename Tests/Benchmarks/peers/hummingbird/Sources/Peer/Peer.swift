import Hummingbird
import Logging
import NIOPosix

/// `Peer PORT`: Hummingbird on one event loop, answering `GET /plaintext`.
@main
enum Peer {
    static func main() async throws {
        let port = Int(CommandLine.arguments[1])!
        let router = Router()
        router.get("/plaintext") { _, _ in "Hello, World!" }
        var logger = Logger(label: "peer")
        logger.logLevel = .error
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: port)),
            eventLoopGroupProvider: .shared(MultiThreadedEventLoopGroup(numberOfThreads: 1)), logger: logger)
        try await application.runService()
    }
}
