import Foundation
import Testing

/// A command that a text shows, and the response beneath it in comment lines, in which `…` stands for anything.
struct ShellStep {
    let command: String
    let answer: String?

    /// The steps of a block; a comment that does not stand beneath a command is for the reader.
    static func steps(of block: String) -> [ShellStep] {
        var steps: [ShellStep] = []
        var command = ""
        var answer: [Substring]?
        func finish() {
            guard !command.isEmpty else { return }
            let text = answer.flatMap { $0.isEmpty ? nil : $0.joined(separator: "\n") }
            steps.append(ShellStep(command: command, answer: text))
            command = ""
            answer = nil
        }
        for whole in block.split(separator: "\n", omittingEmptySubsequences: false) {
            let comment = whole.drop { $0 == " " }
            // What stands behind a command in its line is for the reader.
            let line = comment.hasPrefix("#") ? comment : whole.replacing(/[ ]+# .*$/, with: "")
            if line.isEmpty {
                finish()
            } else if line.hasPrefix("#") {
                if !command.isEmpty { answer?.append(line.dropFirst(line.hasPrefix("# ") ? 2 : 1)) }
            } else {
                // A command goes on after a backslash and within quotes.
                if answer != nil { finish() }
                command += (command.isEmpty ? "" : "\n") + line
                let isOpen = line.hasSuffix("\\") || command.count { $0 == "'" } % 2 == 1
                if !isOpen { answer = [] }
            }
        }
        finish()
        return steps
    }

    /// Runs it with bash and compares what it prints with the response.
    ///
    /// What only reads is asked again for a while: work after an earlier answer may not be done yet.
    func run(in folder: URL, replacing texts: [(String, String)]) async throws {
        try "silent\nshow-error\nmax-time = 30\n".write(
            to: folder.appending(path: ".curlrc"), atomically: true, encoding: .utf8)
        let onlyReads = command.hasPrefix("curl ") && !command.contains(/\s-[Xd]\s/)
        let deadline = ContinuousClock.now + .seconds(5)
        var outcome = try await outcome(in: folder, replacing: texts)
        while onlyReads, !outcome.isExpected(answer), ContinuousClock.now < deadline {
            outcome = try await self.outcome(in: folder, replacing: texts)
        }
        let expected = answer.map { "\nand not\n\($0)" } ?? ""
        #expect(
            outcome.isExpected(answer),
            "\(command)\nended with \(outcome.status) and printed\n\(outcome.text)\(expected)")
    }

    private func outcome(in folder: URL, replacing texts: [(String, String)]) async throws -> Command.Outcome
    {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        let bash = Command(
            executable: URL(filePath: "/bin/bash"),
            arguments: ["-c", texts.reduce(command) { $0.replacing($1.0, with: $1.1) }],
            environment: [
                "PATH": "\(Compiler.products.path):\(path)", "HOME": folder.path, "CURL_HOME": folder.path,
            ], folder: folder)
        let outcome = try await bash.run()
        let text = texts.reduce(outcome.text.replacing("\r\n", with: "\n")) {
            $0.replacing($1.1, with: $1.0)
        }
        return Command.Outcome(status: outcome.status, text: text)
    }

    /// Whether the text is the pattern, in which `…` stands for anything.
    static func matches(_ text: String, _ pattern: String) -> Bool {
        let parts = pattern.split(separator: "…", omittingEmptySubsequences: false)
        let expression = parts.map { NSRegularExpression.escapedPattern(for: String($0)) }
        let whole = "(?s)\\A\\s*" + expression.joined(separator: ".*") + "\\s*\\z"
        return text.range(of: whole, options: .regularExpression) != nil
    }
}

extension Command.Outcome {
    /// Whether the command succeeded and printed the response, where there is one.
    func isExpected(_ answer: String?) -> Bool {
        status == 0 && (answer.map { ShellStep.matches(text, $0) } ?? true)
    }
}
