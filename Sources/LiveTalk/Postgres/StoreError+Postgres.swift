import CranePostgres

extension StoreError {
    /// What a failure of PostgreSQL is to those who ask a store.
    static func translated(_ error: PostgresError) -> StoreError {
        switch error.kind {
        case .overloaded: .overloaded
        case .tooLong: .tooLong
        default: .unavailable(error.description)
        }
    }

    /// Does the work of a store, whose failures are the store's.
    static func translating<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let error as PostgresError {
            throw translated(error)
        }
    }
}
