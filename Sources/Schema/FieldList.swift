/// Gathers the fields written in the braces of an `Object`.
@resultBuilder
public enum FieldList<Root> {
    @inlinable
    public static func buildExpression<Content: Shape>(
        _ field: Field<Root, Content>
    ) -> Field<Root, Content> {
        field
    }

    @inlinable
    public static func buildBlock<each Content: Shape>(
        _ field: repeat Field<Root, each Content>
    ) -> (repeat Field<Root, each Content>) {
        (repeat each field)
    }
}
