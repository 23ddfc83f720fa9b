/// The members of an object under construction: a repeated key keeps its place and takes the last value, as in Python.
struct JSONObjectBuilder {
    private(set) var members: [JSONValue.Member] = []
    /// The key whose value comes next.
    var key = ""
    /// Positions by key, kept once a linear search would be slow.
    private var positions: [Spelling: Int] = [:]

    mutating func append(_ value: JSONValue) {
        if let position = position(of: key) {
            members[position].value = value
            return
        }
        members.append(JSONValue.Member(key, value))
        if members.count > 16 {
            positions[Spelling(key)] = members.count - 1
        } else if members.count == 16 {
            for (position, member) in members.enumerated() {
                positions[Spelling(member.key)] = position
            }
        }
    }

    private func position(of key: String) -> Int? {
        if !positions.isEmpty { return positions[Spelling(key)] }
        return members.firstIndex { $0.key.utf8.elementsEqual(key.utf8) }
    }
}
