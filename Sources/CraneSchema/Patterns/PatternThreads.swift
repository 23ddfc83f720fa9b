/// The instructions reached at one place of the text.
struct PatternThreads {
    /// The place at which an instruction was reached last.
    private var reached: [Int]
    private var place = 1
    /// Those that are still to be followed; empty between calls.
    private var pending: [Int] = []
    /// Those that wait for a character.
    private(set) var waiting: [Int] = []

    init(_ count: Int) {
        reached = Array(repeating: 0, count: count)
    }

    /// Adds the instructions that wait for a character and are reached from `start`; says whether the end is.
    mutating func follow(
        _ start: Int, in program: [PatternInstruction], _ before: Unicode.Scalar?, _ after: Unicode.Scalar?
    ) -> Bool {
        pending.append(start)
        while let index = pending.popLast() {
            if reached[index] == place { continue }
            reached[index] = place
            switch program[index] {
            case .scalar: waiting.append(index)
            case .split(let first, let second):
                pending.append(second)
                pending.append(first)
            case .jump(let target): pending.append(target)
            case .assertion(let assertion):
                if assertion.holds(before, after) { pending.append(index + 1) }
            case .match: return true
            }
        }
        return false
    }

    /// Goes on to the next place, with nothing reached.
    mutating func removeAll() {
        place += 1
        waiting.removeAll(keepingCapacity: true)
    }
}
