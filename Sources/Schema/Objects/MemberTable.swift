/// The members of one object for look-up by key.
@usableFromInline
struct MemberTable: Sendable {
    @usableFromInline let members: [JSONValue.Member]
    /// Positions by key once there are too many members for a linear search.
    private let positions: [Key: Int]?

    init(_ members: [JSONValue.Member]) {
        self.members = members
        guard members.count > 16 else {
            positions = nil
            return
        }
        var table: [Key: Int] = [:]
        for (position, member) in members.enumerated() { table[Key(member.key)] = position }
        positions = table
    }

    /// The object itself, which issues about missing members echo.
    @usableFromInline var input: JSONValue { .object(members) }

    @usableFromInline
    subscript(name: String) -> JSONValue? {
        if let positions { return positions[Key(name)].map { members[$0].value } }
        return members.first { $0.key.utf8.elementsEqual(name.utf8) }?.value
    }

    /// A key compared by its code points: Swift's `String` takes canonically equivalent spellings for equal, JSON does not.
    struct Key: Hashable {
        let text: String

        init(_ text: String) {
            self.text = text
        }

        static func == (left: Key, right: Key) -> Bool {
            left.text.utf8.elementsEqual(right.text.utf8)
        }

        func hash(into hasher: inout Hasher) {
            for unit in text.utf8 { hasher.combine(unit) }
        }
    }
}
