/// What becomes of an object's members that no field has: pydantic's `extra`.
public enum ExtraMembers: Sendable {
    /// They are left out.
    case ignore
    /// Each is an issue, and JSON Schema says `additionalProperties: false`.
    case forbid
}

extension ExtraMembers {
    /// What JSON Schema says of it.
    var jsonSchema: [JSONValue.Member] {
        self == .forbid ? [.init("additionalProperties", false)] : []
    }
}

extension ObjectReader {
    /// Notes each member that no field has, where they are forbidden; false where there is none such.
    ///
    /// - Parameter tag: the member that tells the cases of a union apart, which is nobody's extra.
    func reportExtra(
        _ given: [JSONValue.Member], tag: String? = nil, _ validation: inout Validation
    ) -> Bool {
        guard extra == .forbid else { return false }
        var reported: Set<Spelling> = []
        for member in given where !has(member.key) && member.key != tag {
            // The last of two equal keys wins, in its first place.
            guard reported.insert(Spelling(member.key)).inserted else { continue }
            let value = given.last { $0.key.utf8.elementsEqual(member.key.utf8) }?.value ?? member.value
            validation.at(.key(member.key)) { validation in
                validation.report("extra_forbidden", "Extra inputs are not permitted", input: value)
            }
        }
        return !reported.isEmpty
    }
}
