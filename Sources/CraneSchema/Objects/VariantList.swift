/// Gathers the variants written in the braces of a `TaggedUnion`.
@resultBuilder
public enum VariantList<Union: Sendable> {
    public static func buildExpression(_ variant: Variant<Union>) -> Variant<Union> {
        variant
    }

    public static func buildBlock(_ variants: Variant<Union>...) -> [Variant<Union>] {
        variants
    }
}
