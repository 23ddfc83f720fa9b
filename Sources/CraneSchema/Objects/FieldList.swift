/// Gathers the fields written in the braces of an `Object`.
@resultBuilder
public enum FieldList<Root: Sendable> {
    @inlinable
    public static func buildExpression<Value>(_ field: Field<Root, Value>) -> Field<Root, Value> {
        field
    }

    @inlinable
    public static func buildBlock<each Value>(
        _ field: repeat Field<Root, each Value>
    ) -> (repeat Field<Root, each Value>) {
        (repeat each field)
    }
}
