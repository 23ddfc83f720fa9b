/// The instructions reached at one place of the text.
struct PatternThreads {
    private var reached: [Bool]
    private var list: [Int] = []
    /// Those that wait for a character.
    var waiting: [Int] = []

    init(_ count: Int) {
        reached = Array(repeating: false, count: count)
    }

    mutating func insert(_ index: Int) -> Bool {
        if reached[index] { return false }
        reached[index] = true
        list.append(index)
        return true
    }

    mutating func removeAll() {
        for index in list { reached[index] = false }
        list.removeAll(keepingCapacity: true)
        waiting.removeAll(keepingCapacity: true)
    }
}
