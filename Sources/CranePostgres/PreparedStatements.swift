/// The statements that a connection has prepared, by their texts and the types of their parameters.
struct PreparedStatements {
    /// So many are kept on the server for each connection; further ones are prepared for one use.
    static let bound = 256

    private struct Key: Hashable {
        let text: String
        let types: [UInt32]
    }

    private let bound: Int
    private var names: [Key: String] = [:]
    private var made = 0

    /// - Parameter keepsStatements: false where the next statement may come to another process of the server: all have no name then.
    init(keepsStatements: Bool = true) { bound = keepsStatements ? Self.bound : 0 }

    /// What the server knows a statement by, and whether it has to be prepared first.
    mutating func name(of query: PostgresQuery) -> (name: String, isNew: Bool) {
        let key = Key(text: query.text, types: query.parameters.types)
        if let name = names[key] { return (name, false) }
        // The statement without a name is replaced by the next one.
        guard names.count < bound else { return ("", true) }
        made += 1
        let name = "crane_\(made)"
        names[key] = name
        return (name, true)
    }

    /// Forgets a statement that could not be prepared.
    mutating func forget(_ name: String) {
        if let known = names.first(where: { $0.value == name }) { names[known.key] = nil }
    }

    /// Forgets a statement of which the server thinks otherwise now: it gets another name.
    mutating func forget(_ query: PostgresQuery) {
        names[Key(text: query.text, types: query.parameters.types)] = nil
    }
}
