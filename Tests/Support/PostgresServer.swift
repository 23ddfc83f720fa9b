internal import Foundation
import Synchronization
package import Testing

/// A PostgreSQL of the tests' own: in a temporary directory, on a Unix socket, ended with the process that made it.
///
/// A shell runs it under an account that is not root's, which the server refuses. It waits for the end of its standard input, which comes
/// when this process ends in whatever way, and ends the server by its process id then.
package final class PostgresServer: Sendable {
    /// Where Debian has the newest server's programs, or the path has them; `nil` where there is none.
    package static let programs: String? = {
        let folder = "/usr/lib/postgresql"
        let versions = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).compactMap(
            Int.init)
        let places =
            versions.sorted(by: >).map { "\(folder)/\($0)/bin" }
            + (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        return places.first { FileManager.default.isExecutableFile(atPath: $0 + "/initdb") }
    }()

    /// The server that all tests of the process share.
    package static func shared() throws -> PostgresServer {
        try sharedServer.withLock { shared in
            if let shared { return shared }
            let server = try PostgresServer()
            shared = server
            return server
        }
    }

    private static let sharedServer = Mutex<PostgresServer?>(nil)

    /// What keeps a server from starting.
    package struct Failure: Error {
        package let message: String
    }

    /// Its directory, in which the socket is.
    package let directory: String
    private let process: Process
    private let input = Pipe()
    private let databases = Mutex(0)

    package init() throws {
        guard let programs = Self.programs else {
            throw Failure(message: "there is no PostgreSQL server here")
        }
        var template = Array("/var/tmp/crane-pg-XXXXXX".utf8CString)
        // mkdtemp(3) changes the array in place.
        guard unsafe mkdtemp(&template) != nil else { throw Failure(message: "no directory can be made") }
        directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let process = Process()
        self.process = process
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = try Self.asServer(
            ["sh", "-c", Self.script, "sh", programs, directory], owning: directory)
        process.standardInput = input
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.start()
        // "ready" comes when the server takes connections; the end of the output when it does not.
        var text = ""
        while !text.contains("ready\n") {
            let more = output.fileHandleForReading.availableData
            if more.isEmpty { throw Failure(message: text) }
            text += String(decoding: more, as: UTF8.self)
        }
    }

    deinit { try? input.fileHandleForWriting.close() }

    /// A command that runs under the server's account, which is not root's and owns the directory.
    static func asServer(_ command: [String], owning directory: String) throws -> [String] {
        guard getuid() == 0 else { return command }
        // The account's record is libc's, and read at once.
        guard let account = unsafe getpwnam("postgres") ?? getpwnam("nobody") else {
            throw Failure(message: "there is no account to run PostgreSQL under")
        }
        let (user, group) = unsafe (account.pointee.pw_uid, account.pointee.pw_gid)
        // The path is copied for the call.
        _ = unsafe chown(directory, user, group)
        return ["setpriv", "--reuid=\(user)", "--regid=\(group)", "--clear-groups"] + command
    }

    private static let script = """
        set -e; cd "$2"; umask 077
        "$1/initdb" -D data -U crane --auth=trust -E UTF8 --locale=C.UTF-8 --no-sync > log 2>&1 || { cat log; exit 1; }
        { echo "local all guest scram-sha-256"; cat data/pg_hba.conf; } > hba && mv hba data/pg_hba.conf
        "$1/pg_ctl" -D data -l log -w -t 120 -s -o "-k $2 -c listen_addresses= -c fsync=off -c max_connections=500 \
        -c shared_buffers=64MB -c max_prepared_transactions=2" start || { cat log; exit 1; }
        echo ready
        read -r line || true
        "$1/pg_ctl" -D data -m immediate -s stop || true
        cd /; rm -rf "$2"
        """

    /// A new database of its own for a test; its URL.
    package func database() throws -> String {
        let number = databases.withLock { count in
            count += 1
            return count
        }
        let name = "test_\(number)"
        try run("createdb", "-h", directory, "-U", "crane", name)
        return url(of: name)
    }

    /// The URL of a database.
    ///
    /// - Parameters:
    ///   - database: its name.
    ///   - user: who connects.
    package func url(of database: String, user: String = "crane") -> String {
        let host = directory.split(separator: "/").map { "%2F\($0)" }.joined()
        return "postgresql://\(user)@\(host)/\(database)"
    }

    /// Runs one of PostgreSQL's programs to its end.
    package func run(_ program: String, _ arguments: String...) throws {
        let process = Process()
        process.executableURL = URL(filePath: "\(Self.programs ?? "")/\(program)")
        process.arguments = arguments
        try process.start()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(message: "\(program) has failed") }
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips tests where there is no PostgreSQL server to start.
    package static var needsPostgres: Self {
        .enabled("needs PostgreSQL's server (Debian's package postgresql)") { PostgresServer.programs != nil }
    }
}
