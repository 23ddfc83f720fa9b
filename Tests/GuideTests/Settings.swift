// The examples of Docs/Guide/Settings.md.
import Crane
import Foundation
import Testing

struct Settings: SchemaRepresentable {
    let databaseURL: String
    let port: Int
    let workers: Int
    let allowedHosts: [String]

    static let schema = Object(Settings.init(databaseURL:port:workers:hosts:)) {
        Field("DATABASE_URL", \.databaseURL, default: "sqlite:///comments.db")
        Field("PORT", \.port, .int(in: 0...65535), default: 8000)
        Field("WORKERS", \.workers, .int(in: 1...64), default: 1)
        Field("ALLOWED_HOSTS", \.hosts, default: "localhost,127.0.0.1")
    }

    init(databaseURL: String, port: Int, workers: Int, hosts: String) {
        self.databaseURL = databaseURL
        self.port = port
        self.workers = workers
        allowedHosts = hosts.split(separator: ",").map(String.init)
    }

    private var hosts: String { allowedHosts.joined(separator: ",") }
}

extension Settings {
    init(environment: [String: String]) throws {
        let values = environment.map { JSONValue.Member($0.key, .string($0.value)) }
        self = try Settings.schema.validated(.object(values), root: "environment")
    }
}

@Suite("Docs/Guide/Settings.md")
struct SettingsChapter {
    @Test("reads what is set and takes defaults for the rest")
    func reading() throws {
        let settings = try Settings(environment: ["PORT": "9000", "ALLOWED_HOSTS": "talks.example"])
        #expect(settings.port == 9000)
        #expect(settings.workers == 1)
        #expect(settings.allowedHosts == ["talks.example"])
    }

    @Test("says everything that is wrong")
    func mistakes() {
        let error = #expect(throws: DecodingFailure.self) {
            try Settings(environment: ["PORT": "http", "WORKERS": "0"])
        }
        let lines = """
            environment.PORT: Input should be a valid integer, unable to parse string as an integer
            environment.WORKERS: Input should be greater than or equal to 1
            """
        #expect(error?.description == lines)
    }
}
