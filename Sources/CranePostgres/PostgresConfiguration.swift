import CPostgres

/// Which database, and how much of it a client takes.
public struct PostgresConfiguration: Sendable {
    /// Connections of each loop that statements of many requests share in pipelines.
    public var readConnections = 2
    /// Connections of each loop for writes and transactions. A transaction has one for itself; of writes two are on their way on each.
    public var writeConnections = 1
    /// Statements of a loop that run or wait; further ones fail as `overloaded`.
    public var maximumWaiting = 4096
    /// How long the server works on a statement (`statement_timeout`).
    public var statementTimeout = Duration.seconds(5)
    /// How long a statement waits for a lock (`lock_timeout`).
    public var lockTimeout = Duration.seconds(3)
    /// How long a transaction may do nothing (`idle_in_transaction_session_timeout`).
    public var idleTransactionTimeout = Duration.seconds(10)
    /// How long connecting to one host may take, with TLS and the password.
    public var connectTimeout = Duration.seconds(5)
    /// What the server's views and logs call the client (`application_name`), unless the URL says it.
    public var applicationName = "crane"

    /// What libpq is told, which may have a password in it.
    let connectionString: String
    /// The hosts and the database alone.
    private let place: String

    /// The database of a URL (`postgresql://user:password@host/database`) or of another connection string of libpq.
    ///
    /// Several hosts may stand in it (`postgresql://a,b/database`): the first that takes writes is used, and found again after a failover.
    /// What it leaves out comes from `PGHOST`, `PGUSER` and libpq's other variables, from `~/.pgpass` and the service file.
    /// - Parameter url: the connection string.
    /// - Throws: `invalidConfiguration` for what libpq cannot read, the text is not repeated; `unavailable` where libpq cannot be loaded, as
    ///   the first one does, which takes milliseconds.
    public init(_ url: String) throws(PostgresError) {
        connectionString = url
        place = try Self.place(url)
    }

    /// The hosts and the name of the database.
    private static func place(_ url: String) throws(PostgresError) -> String {
        // The text is copied before the loader is called again.
        if let message = unsafe crane_postgres_loading_error() {
            let reason = unsafe String(cString: message)
            throw PostgresError(.unavailable, message: "libpq cannot be loaded: \(reason)")
        }
        // Freed below. The error's text would have the password.
        guard !url.utf8.contains(0), let options = unsafe crane_PQconninfoParse(url, nil) else {
            throw PostgresError(
                .invalidConfiguration,
                message: "this is no connection string of PostgreSQL, such as postgresql://user@host/database"
            )
        }
        defer { unsafe crane_PQconninfoFree(options) }
        var values: [String: String] = [:]
        var option = unsafe options
        while let keyword = unsafe option.pointee.keyword {
            if let value = unsafe option.pointee.val {
                values[unsafe String(cString: keyword)] = unsafe String(cString: value)
            }
            unsafe option += 1
        }
        let hosts = (values["host"] ?? values["hostaddr"] ?? "").split(
            separator: ",", omittingEmptySubsequences: false)
        let ports = (values["port"] ?? "").split(separator: ",", omittingEmptySubsequences: false)
        let places = hosts.enumerated().map { index, host in
            let port = ports.count == hosts.count ? ports[index] : ports.first ?? ""
            return port.isEmpty ? String(host) : "\(host):\(port)"
        }
        return "postgresql://\(places.joined(separator: ","))/\(values["dbname"] ?? "")"
    }

    /// What a connection is opened with; what comes later wins.
    var connectionParameters: [(String, String)] {
        [
            ("connect_timeout", "\(max(2, Int(connectTimeout.components.seconds)))"),
            ("target_session_attrs", "read-write"),
            // Where the network is cut nobody says so: 10 s to find it out.
            ("tcp_user_timeout", "10000"), ("keepalives_idle", "10"), ("keepalives_interval", "5"),
            ("keepalives_count", "2"),
            ("fallback_application_name", applicationName),
            ("dbname", connectionString),
            ("client_encoding", "UTF8"),
        ]
    }

    /// What each connection begins with.
    var sessionSettings: String {
        """
        SET statement_timeout = \(statementTimeout.milliseconds); SET lock_timeout = \(lockTimeout.milliseconds);
        SET idle_in_transaction_session_timeout = \(idleTransactionTimeout.milliseconds); SET TimeZone = 'UTC';
        SET default_transaction_isolation = 'read committed'; SET client_min_messages = error
        """
    }
}

extension PostgresConfiguration: CustomStringConvertible {
    /// The hosts and the name of the database, without user and password.
    public var description: String { place }
}

extension Duration {
    /// Whole milliseconds, one at least: PostgreSQL takes 0 for no time-out.
    var milliseconds: Int {
        max(1, Int(clamping: components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000))
    }
}
