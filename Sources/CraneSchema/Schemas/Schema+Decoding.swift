extension Schema {
    /// Makes a value of a JSON text: straight from the bytes where it is plain and correct, else by way of a tree, with
    /// pydantic's coercions and every issue.
    ///
    /// Issues are located from `root` on. Cost: one pass and no allocation beyond
    /// the value's own on plain input.
    @inlinable
    public func decode(
        _ bytes: Span<UInt8>, limits: JSONLimits = JSONLimits(), root: String = "body"
    ) throws(DecodingFailure) -> Value {
        if bytes.count <= limits.bytes, let value = decodePlain(bytes, limits) { return value }
        return try validated(JSONValue.parse(bytes, limits: limits, root: root), root: root)
    }

    /// Makes a value of a JSON text held in an array.
    @inlinable
    public func decode(
        _ bytes: [UInt8], limits: JSONLimits = JSONLimits(), root: String = "body"
    ) throws(DecodingFailure) -> Value {
        try decode(bytes.span, limits: limits, root: root)
    }

    /// Makes a value of a request body as FastAPI 0.116 does: no body, or `null`, is a missing one.
    @inlinable
    public func decodeBody(
        _ bytes: Span<UInt8>, limits: JSONLimits = JSONLimits()
    ) throws(DecodingFailure) -> Value {
        guard !bytes.isEmpty else { throw .invalid(ValidationError([.missing(["body"])])) }
        if bytes.count <= limits.bytes, let value = decodePlain(bytes, limits) { return value }
        let input = try JSONValue.parse(bytes, limits: limits)
        if input.isNull { throw .invalid(ValidationError([.missing(["body"])])) }
        return try validated(input, root: "body")
    }

    /// Makes a value of a request body held in an array.
    @inlinable
    public func decodeBody(
        _ bytes: [UInt8], limits: JSONLimits = JSONLimits()
    ) throws(DecodingFailure) -> Value {
        try decodeBody(bytes.span, limits: limits)
    }

    /// The value of plain, correct JSON; nil for anything else.
    @inlinable
    func decodePlain(_ bytes: Span<UInt8>, _ limits: JSONLimits) -> Value? {
        // The reader ends with the call.
        unsafe bytes.withUnsafeBytes { bytes in
            guard var reader = unsafe JSONReader(bytes, maximumDepth: limits.depth) else { return nil }
            do {
                let value = try read(&reader)
                try reader.finish()
                return value
            } catch {
                return nil
            }
        }
    }

    /// Makes a value of a tree, with pydantic's lax coercions.
    @inlinable
    public func validated(
        _ input: JSONValue, root: String = "body"
    ) throws(DecodingFailure) -> Value {
        var validation = Validation(at: [.key(root)])
        guard let value = validate(input, &validation) else {
            throw .invalid(ValidationError(validation.issues))
        }
        return value
    }

    /// The value as JSON bytes.
    @inlinable
    public func encode(_ value: Value) -> [UInt8] {
        JSONWriter.bytes { write(value, to: &$0) }
    }
}
