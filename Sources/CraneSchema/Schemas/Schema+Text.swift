extension Schema {
    /// Makes a value of plain text from a path, query, header, cookie or form, with pydantic's lax coercions.
    ///
    /// Plain text takes no tree. Throws every issue, located at `location`.
    @inlinable
    public func decode(
        text: String, at location: @autoclosure () -> [LocationPart]
    ) throws(ValidationError) -> Value {
        if let value = read(text: text) { return value }
        var validation = Validation(at: location())
        guard let value = validate(.string(text), &validation) else {
            throw ValidationError(validation.issues)
        }
        return value
    }

    /// Makes a value of several texts of one name, `?tag=a&tag=b` for instance.
    @inlinable
    public func decode(
        texts: [String], at location: @autoclosure () -> [LocationPart]
    ) throws(ValidationError) -> Value {
        var validation = Validation(at: location())
        guard let value = validate(.array(texts.map { .string($0) }), &validation) else {
            throw ValidationError(validation.issues)
        }
        return value
    }

    /// A value as a tree: what a default looks like in a document.
    public func tree(_ value: Value) -> JSONValue {
        (try? JSONValue.parse(encode(value))) ?? .null
    }
}
