extension JSONValue {
    /// Applies a merge patch (RFC 7396): what the patch has is put in place, objects member by member at any depth, and `null` removes a
    /// member.
    ///
    /// ```swift
    /// document.merge(["info": ["x-logo": ["url": "/logo.png"]], "servers": nil])
    /// ```
    /// - Parameter patch: takes the place of the whole value where it is no object.
    public mutating func merge(_ patch: JSONValue) {
        guard case .object(let changes) = patch else {
            self = patch
            return
        }
        var members: [Member] = []
        if case .object(let own) = self { members = own }
        for change in changes {
            let index = members.firstIndex { $0.key.utf8.elementsEqual(change.key.utf8) }
            if change.value.isNull {
                if let index { members.remove(at: index) }
            } else if let index {
                members[index].value.merge(change.value)
            } else {
                var new = JSONValue.null
                new.merge(change.value)
                members.append(Member(change.key, new))
            }
        }
        self = .object(members)
    }
}
