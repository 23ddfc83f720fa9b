/// A parsed expression.
indirect enum PatternNode {
    case empty
    case set(PatternSet)
    case assertion(PatternAssertion)
    case sequence([PatternNode])
    case choice([PatternNode])
    /// `upper` nil is without bound.
    case repeated(PatternNode, lower: Int, upper: Int?)
}
