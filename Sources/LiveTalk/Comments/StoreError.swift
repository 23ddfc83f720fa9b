import Crane
import CraneSQLite
import Logging

/// Why a store cannot do what it was asked.
enum StoreError: Error, Hashable {
    /// Too many writes are waiting.
    case overloaded
    /// A search or a long list took longer than any may.
    case tooLong
    /// The store itself is at fault, in words for the operator.
    case unavailable(String)
}

extension StoreError {
    /// What a failure of the database is to those who ask the store.
    static func translated(_ error: DatabaseError) -> any Error {
        switch error.kind {
        case .overloaded: StoreError.overloaded
        case .cancelled: CancellationError()
        case .tooLong: StoreError.tooLong
        default: StoreError.unavailable(error.description)
        }
    }
}

extension StoreError: ResponseError {
    /// 503 in any case: the client may come back, and learns nothing of the inside.
    func response(for request: Request, context: Context) -> Response {
        switch self {
        case .overloaded:
            return .detail(.serviceUnavailable, "Too many writes are waiting", headers: [.retryAfter: "1"])
        case .tooLong:
            return .detail(
                .serviceUnavailable, "It took too long: rarer words or fewer comments take less",
                headers: [.retryAfter: "5"])
        case .unavailable(let reason):
            context.logger.error(
                "the database failed",
                metadata: [
                    "error": "\(reason)", "method": "\(request.method)", "route": "\(context.route ?? "-")",
                ])
            return .detail(.serviceUnavailable, "The database is unavailable", headers: [.retryAfter: "5"])
        }
    }
}
