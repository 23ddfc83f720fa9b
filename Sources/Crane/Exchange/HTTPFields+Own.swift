import HTTPTypes

extension HTTPFields {
    /// Puts fields in the place of those of their names: what a response is given goes before what it would say itself.
    mutating func replace(with own: HTTPFields) {
        if own.isEmpty { return }
        for field in own { self[field.name] = nil }
        append(contentsOf: own)
    }
}
