/// One step of the machine that follows all possibilities at once (Thompson 1968).
enum PatternInstruction: Sendable {
    case scalar(PatternSet)
    case assertion(PatternAssertion)
    case split(Int, Int)
    case jump(Int)
    case match
}
