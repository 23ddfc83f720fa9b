// The examples of Docs/Guide/FirstApplication.md that its program does not hold.
import Crane

func serve(_ app: App) throws {
    var configuration = ServerConfiguration()
    configuration.addresses = [.host("127.0.0.1", port: 8000)]
    configuration.workers = 2
    configuration.maximumConnections = 4096
    configuration.maximumBodySize = 1 << 20
    configuration.headTimeout = .seconds(5)
    configuration.idleTimeout = .seconds(30)
    let server = Server(responder: app.build(), configuration: configuration)
    _ = try server.start()
    server.blockUntilStopped()
}
