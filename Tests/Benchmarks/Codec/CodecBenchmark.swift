import Foundation

/// `codec-benchmark [--check] [--quick]`: prints both tables; with `--check` it exits with 1 when a bound is exceeded.
@main
struct CodecBenchmark {
    static func main() async throws {
        let options = Set(CommandLine.arguments.dropFirst())
        let rounds = options.contains("--quick") ? 5 : 41
        var exceeded: [String] = []

        let coding = CodingContests()
        try coding.check()
        print(Contest.line("CPU ns", ["Schema", "Foundation", "times as fast", "at least"]))
        for contest in coding.run(rounds) {
            let bound = String(format: "%.0f", CodingContests.leastRatio)
            print(contest.line(String(format: "%.1f", contest.ratio), bound))
            if contest.ratio < CodingContests.leastRatio { exceeded.append(contest.title) }
        }

        let learned = LearnedContests()
        try learned.check()
        for contest in learned.run(rounds) {
            let bound = String(format: "%.1f", LearnedContests.leastRatio)
            print(contest.line(String(format: "%.1f", contest.ratio), bound))
            if contest.ratio < LearnedContests.leastRatio { exceeded.append(contest.title) }
        }

        print("\n" + Contest.line("CPU ns a request", ["typed", "other", "more", "at most"]))
        // As in the server, the task prefers an executor, and no handler leaves it.
        let routes = Task(executorPreference: globalConcurrentExecutor) {
            try await RouteContests().run(rounds)
        }
        for contest in try await routes.value {
            let bound = String(format: "%.0f", RouteContests.mostNanoseconds)
            print(contest.line(String(format: "%.0f", contest.difference), bound))
            if contest.difference > RouteContests.mostNanoseconds { exceeded.append(contest.title) }
        }
        for title in exceeded { print("over the bound: \(title)") }
        exit(options.contains("--check") && !exceeded.isEmpty ? 1 : 0)
    }
}
