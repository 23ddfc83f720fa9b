/// What of a build's output its reader wants to see.
enum Diagnostics {
    /// The errors with the lines of source that they stand at, each once; the end of the output where there are none, as when the
    /// linker has failed.
    static func shown(_ output: String) -> String {
        var blocks: [[Substring]] = []
        var isInside = false
        for line in output.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.firstMatch(of: #/^/.*:\d+:\d+: (error|warning|note): /#) != nil {
                isInside = line.contains(": error: ")
                if isInside { blocks.append([line]) }
            } else if line.firstMatch(of: /^ *\d* *[|`]/) != nil {
                if isInside, let last = blocks.indices.last { blocks[last].append(line) }
            } else {
                isInside = false
            }
        }
        var seen = Set<[Substring]>()
        // The compiler says of a file what several of its jobs have met.
        let unique = blocks.filter { seen.insert($0).inserted }
        if !unique.isEmpty { return unique.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") }
        let lines = output.split(separator: "\n").filter { $0.firstMatch(of: #/^\[\d+/\d+\] /#) == nil }
        return lines.suffix(40).joined(separator: "\n")
    }
}
