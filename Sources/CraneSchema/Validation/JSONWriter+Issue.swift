extension JSONWriter {
    /// Appends one issue as FastAPI writes it: type, loc, msg, input and, where there is one, ctx.
    public mutating func issue(_ issue: ValidationIssue) {
        raw("{\"type\":")
        string(issue.type)
        raw(",\"loc\":[")
        for (index, part) in issue.location.enumerated() {
            if index > 0 { byte(UInt8(ascii: ",")) }
            switch part {
            case .key(let key): string(key)
            case .index(let index): integer(index)
            }
        }
        raw("],\"msg\":")
        string(issue.message)
        raw(",\"input\":")
        value(issue.input)
        if !issue.context.isEmpty {
            raw(",\"ctx\":")
            value(.object(issue.context))
        }
        byte(UInt8(ascii: "}"))
    }
}
