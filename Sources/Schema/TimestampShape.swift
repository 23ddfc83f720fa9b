/// The shape of a point in time: a string of RFC 3339 in JSON.
public struct TimestampShape: Shape {
    @inlinable
    init() {}

    public func read(_ reader: inout JSONReader) throws(JSONDetour) -> Timestamp {
        // Times are parsed in one place, the error path's; requests seldom carry them.
        throw JSONDetour()
    }

    @inlinable
    public func write(_ value: Timestamp, to writer: inout JSONWriter) {
        writer.timestamp(value)
    }

    public func validate(_ input: JSONValue, _ validation: inout Validation) -> Timestamp? {
        validation.report("datetime_type", "Input should be a valid datetime", input: input)
        return nil
    }
}

extension Timestamp: Describable {
    @inlinable public static var schema: TimestampShape { TimestampShape() }
}
