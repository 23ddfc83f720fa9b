/// Turns a parsed expression into instructions.
struct PatternCompiler {
    private var code: [PatternInstruction] = []
    /// Counted repetitions are written out, so the size needs a bound.
    private static let maximumSize = 20_000

    mutating func program(for node: PatternNode) throws(PatternError) -> [PatternInstruction] {
        try add(node)
        code.append(.match)
        return code
    }

    private mutating func add(_ node: PatternNode) throws(PatternError) {
        guard code.count < Self.maximumSize else { throw PatternError(message: "it is too large") }
        switch node {
        case .empty: break
        case .set(let set): code.append(.scalar(set.indexed()))
        case .assertion(let assertion): code.append(.assertion(assertion))
        case .sequence(let nodes): for node in nodes { try add(node) }
        case .choice(let nodes): try addChoice(nodes[...])
        case .repeated(let node, let lower, let upper):
            for _ in 0..<lower { try add(node) }
            guard let upper else { return try addLoop(node) }
            try addOptional(node, count: upper - lower)
        }
    }

    private mutating func addChoice(_ nodes: ArraySlice<PatternNode>) throws(PatternError) {
        guard let first = nodes.first else { return }
        guard nodes.count > 1 else { return try add(first) }
        let split = code.count
        code.append(.match)
        try add(first)
        let jump = code.count
        code.append(.match)
        code[split] = .split(split + 1, code.count)
        try addChoice(nodes.dropFirst())
        code[jump] = .jump(code.count)
    }

    private mutating func addLoop(_ node: PatternNode) throws(PatternError) {
        let split = code.count
        code.append(.match)
        try add(node)
        code.append(.jump(split))
        code[split] = .split(split + 1, code.count)
    }

    private mutating func addOptional(_ node: PatternNode, count: Int) throws(PatternError) {
        var splits: [Int] = []
        for _ in 0..<count {
            splits.append(code.count)
            code.append(.match)
            try add(node)
        }
        for split in splits { code[split] = .split(split + 1, code.count) }
    }
}
