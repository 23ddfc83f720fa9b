public import Crane

/// What the database could not do, with its own code and one readable line, in which there is no password.
///
/// A handler that does not catch it answers 503 with `Retry-After` where another attempt may do better, and 500 where the statement
/// was wrong.
public struct PostgresError: ResponseError, Hashable, CustomStringConvertible {
    /// What a caller can act on; ``sqlState`` says it in PostgreSQL's terms.
    public enum Kind: String, Sendable {
        /// There is no connection, or the server takes no more or is read-only: the statement was not carried out.
        case unavailable
        /// The connection ended before the answer to a write came: nobody knows whether it was carried out.
        case connectionLost
        /// As many statements wait as may: it was not carried out.
        case overloaded
        /// The statement, its wait for a lock, or the server's answer took longer than they are given.
        case tooLong
        /// A constraint of the schema refused the change.
        case constraint
        /// Transactions stood in each other's way, and trying again did not help.
        case conflict
        /// The server refused the statement for another reason.
        case refused
        /// A newer version of the program has migrated the database.
        case newerVersion
        /// A migration that has been applied reads differently now.
        case migrationChanged
        /// What was read is no value of the type that was asked for.
        case mismatch
        /// What says where the server is cannot be read.
        case invalidConfiguration
        /// The client has been closed, or its loop has ended.
        case closed
    }

    /// What went wrong, for a `switch`.
    public let kind: Kind
    /// PostgreSQL's code of five characters (appendix A of its manual); `nil` where the server has said nothing.
    public let sqlState: String?
    /// The constraint that refused a change; `nil` where it was none.
    public let constraint: String?
    /// What went wrong, for a person.
    public let message: String

    /// An error of this module's own, which the server knows nothing of.
    ///
    /// - Parameters:
    ///   - kind: what went wrong, for a `switch`.
    ///   - sqlState: the server's code, where it has given one.
    ///   - constraint: the name of the constraint that refused a change.
    ///   - message: what went wrong, for a person.
    public init(_ kind: Kind, sqlState: String? = nil, constraint: String? = nil, message: String) {
        self.kind = kind
        self.sqlState = sqlState
        self.constraint = constraint
        self.message = message
    }

    /// The error behind a code of the server.
    init(sqlState: String, constraint: String?, message: String) {
        self.init(
            Self.kind(of: sqlState), sqlState: sqlState, constraint: constraint, message: message)
    }

    /// One line: the message, then the server's code where there is one.
    public var description: String { sqlState.map { "\(message) (SQLSTATE \($0))" } ?? message }

    /// By classes and codes of appendix A.
    private static func kind(of sqlState: String) -> Kind {
        switch sqlState {
        // Read-only, shut down, crashed, starting, too many connections, disk full, out of memory.
        case "25006", "57P01", "57P02", "57P03", "53300", "53100", "53200": .unavailable
        case "57014", "55P03", "25P03": .tooLong
        case "40001", "40P01": .conflict
        default:
            switch sqlState.prefix(2) {
            case "08", "58": .unavailable
            case "23": .constraint
            default: .refused
            }
        }
    }

    /// Whether the connection that said it is of no use any more: the server ends, or is no primary any longer.
    var endsConnection: Bool {
        guard let sqlState else { return false }
        return ["25006", "57P01", "57P02", "57P03", "25P03"].contains(sqlState) || sqlState.hasPrefix("08")
    }

    /// Whether the statement has to be prepared anew: its result has changed, or another connection stands behind a proxy.
    var wantsPreparing: Bool { sqlState == "0A000" || sqlState == "26000" }

    /// What it is to a write that had been sent: nobody knows whether it was carried out.
    var ofUnknownWrite: PostgresError { PostgresError(.connectionLost, message: message) }

    public func response(for request: Request, context: Context) -> Response {
        context.logger.error(
            "the database failed", metadata: ["error": "\(self)", "route": "\(context.route ?? "-")"])
        switch kind {
        case .unavailable, .connectionLost, .overloaded, .tooLong, .conflict, .closed:
            return .detail(
                .serviceUnavailable, "The database is unavailable", headers: [.retryAfter: "1"])
        case .constraint, .refused, .newerVersion, .migrationChanged, .mismatch, .invalidConfiguration:
            return .text("Internal Server Error", status: .internalServerError)
        }
    }
}
