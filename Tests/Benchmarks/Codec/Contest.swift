import Foundation

/// Two ways to do the same, measured in turn: a machine drifts more than they differ.
struct Contest {
    let title: String
    /// Nanoseconds of processor time for one time, by round.
    private(set) var ours: [Double] = []
    private(set) var theirs: [Double] = []

    init(_ title: String) {
        self.title = title
    }

    /// One more round of `count` times; what comes out is added up, so that it is made.
    mutating func run(_ count: Int, ours one: () -> Int, theirs other: () -> Int) {
        var sum = 0
        let begin = Contest.processorTime()
        for _ in 0..<count { sum &+= one() }
        let middle = Contest.processorTime()
        for _ in 0..<count { sum &+= other() }
        note(count, sum, [begin, middle, Contest.processorTime()])
    }

    mutating func run(_ count: Int, ours one: () async -> Int, theirs other: () async -> Int) async {
        var sum = 0
        let begin = Contest.processorTime()
        for _ in 0..<count { sum &+= await one() }
        let middle = Contest.processorTime()
        for _ in 0..<count { sum &+= await other() }
        note(count, sum, [begin, middle, Contest.processorTime()])
    }

    private mutating func note(_ count: Int, _ sum: Int, _ times: [Int]) {
        precondition(sum != 0)
        ours.append(Double(times[1] - times[0]) / Double(count))
        theirs.append(Double(times[2] - times[1]) / Double(count))
    }

    /// The process's time on a processor, in nanoseconds.
    private static func processorTime() -> Int {
        var time = timespec()
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }

    /// How many times as fast ours is; the median of rounds.
    var ratio: Double { Contest.median(zip(theirs, ours).map { $0 / $1 }) }

    /// How many nanoseconds ours takes longer; the median of rounds.
    var difference: Double { Contest.median(zip(ours, theirs).map { $0 - $1 }) }

    private static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

    /// A line of the table, with what counts and its bound.
    func line(_ result: String, _ bound: String) -> String {
        let figures = [Contest.median(ours), Contest.median(theirs)].map { String(format: "%.0f", $0) }
        return Contest.line(title, figures + [result, bound])
    }

    static func line(_ title: String, _ cells: [String]) -> String {
        func blanks(_ text: String, _ width: Int) -> String {
            String(repeating: " ", count: max(1, width - text.count))
        }
        return title + blanks(title, 40) + cells.map { blanks($0, 14) + $0 }.joined()
    }
}
