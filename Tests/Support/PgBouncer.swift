internal import Foundation
package import Testing

/// A PgBouncer of a test's own before the tests' PostgreSQL, on a Unix socket; it ends with this value, or with the process that made it.
package final class PgBouncer: Sendable {
    /// Where the program is; `nil` where there is none.
    package static let program: String? = {
        let folders =
            (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":") + ["/usr/sbin"]
        return folders.map { "\($0)/pgbouncer" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }()

    private let directory: String
    private let process = Process()
    private let input = Pipe()

    /// - Parameter mode: its `pool_mode`, `session` or `transaction`; three connections of the server are shared.
    package init(_ server: PostgresServer, mode: String) throws {
        guard let program = Self.program else {
            throw PostgresServer.Failure(message: "there is no PgBouncer here")
        }
        var template = Array("/var/tmp/crane-pgb-XXXXXX".utf8CString)
        // mkdtemp(3) changes the array in place.
        guard unsafe mkdtemp(&template) != nil else {
            throw PostgresServer.Failure(message: "no directory can be made")
        }
        directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let settings = """
            [databases]
            * = host=\(server.directory) user=crane
            [pgbouncer]
            listen_port = 6432
            unix_socket_dir = \(directory)
            auth_type = any
            pool_mode = \(mode)
            default_pool_size = \(mode == "session" ? 30 : 3)
            max_client_conn = 200
            """
        try settings.write(toFile: directory + "/pgbouncer.ini", atomically: true, encoding: .utf8)
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = try PostgresServer.asServer(
            [
                "sh", "-c",
                """
                cd "$1"; "$0" -q pgbouncer.ini > log 2>&1 & bouncer=$!
                read -r line || true; kill -KILL $bouncer; cd /; rm -rf "$1"
                """, program, directory,
            ], owning: directory)
        process.standardInput = input
        // Another process that had it too would keep this one from its end.
        _ = fcntl(input.fileHandleForWriting.fileDescriptor, F_SETFD, FD_CLOEXEC)
        try process.start()
        var attempts = 0
        while !FileManager.default.fileExists(atPath: directory + "/.s.PGSQL.6432") {
            attempts += 1
            guard process.isRunning, attempts < 6000 else {
                throw PostgresServer.Failure(message: "PgBouncer does not start")
            }
            usleep(5000)
        }
    }

    deinit { try? input.fileHandleForWriting.close() }

    /// The URL of one of the server's databases by way of this.
    package func url(of database: String) -> String {
        let host = directory.split(separator: "/").map { "%2F\($0)" }.joined()
        return "postgresql://crane@\(host):6432/\(database.split(separator: "/").last ?? "")"
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips tests where there is no PgBouncer to start.
    package static var needsPgBouncer: Self {
        .enabled("needs PgBouncer (Debian's package pgbouncer)") { PgBouncer.program != nil }
    }
}
