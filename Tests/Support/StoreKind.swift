/// What a conformance suite runs over; PostgreSQL's case has the name `postgres`.
package protocol StoreKind: CaseIterable, RawRepresentable, Sendable where RawValue == String {}

extension StoreKind {
    /// Those that this machine can make.
    package static var all: [Self] {
        allCases.filter { $0.rawValue != "postgres" || PostgresServer.programs != nil }
    }
}
