import Testing

@testable import Crane

@Suite("The log sink")
struct LogSinkTests {
    private let scratch: Scratch
    private var path: String { scratch.path + "/log" }

    init() throws { scratch = try Scratch() }

    @Test("flushing writes all that came before, from any thread")
    func flush() async throws {
        let sink = try LogSink(path: path)
        await withTaskGroup { group in
            for writer in 0..<4 {
                group.addTask { for line in 0..<500 { sink.write("\(writer) \(line)") } }
            }
        }
        sink.flush()
        let lines = try scratch.lines("log")
        #expect(lines.count == 2000)
        // Each thread's lines are in its order.
        for writer in 0..<4 {
            let own = lines.filter { $0.hasPrefix("\(writer) ") }
            #expect(own == (0..<500).map { "\(writer) \($0)" })
        }
    }

    @Test("closing loses nothing and takes no more")
    func close() throws {
        let sink = try LogSink(path: path)
        for line in 0..<1000 { sink.write("line \(line)") }
        sink.close()
        sink.write("late")
        sink.close()
        #expect(try scratch.lines("log").count == 1000)
    }

    @Test("a file that was there is continued")
    func append() throws {
        for line in ["first", "second"] {
            let sink = try LogSink(path: path)
            sink.write(line)
            sink.close()
        }
        #expect(try scratch.lines("log") == ["first", "second"])
    }

    @Test("rotation loses no line")
    func rotation() throws {
        let sink = try LogSink(path: path)
        sink.write("old")
        try scratch.move("log", to: "log.1")
        sink.write("still old")
        try sink.reopen()
        sink.write("new")
        sink.close()
        #expect(try scratch.lines("log.1") == ["old", "still old"])
        #expect(try scratch.lines("log") == ["new"])
    }

    @Test("a file that cannot be reopened is kept")
    func failedRotation() throws {
        let folder = try Scratch()
        let sink = try LogSink(path: "\(folder.path)/log")
        try folder.move("log", to: "log.1")
        try blocked(folder) {
            #expect(throws: LogFileError.self) { try sink.reopen() }
        }
        sink.write("still here")
        sink.close()
        #expect(try folder.lines("log.1") == ["still here"])
    }

    /// Runs `body` while the folder has a directory where its log should be.
    private func blocked(_ folder: Scratch, _ body: () throws -> Void) throws {
        try folder.makeDirectory("log")
        defer { folder.removeDirectory("log") }
        try body()
    }

    @Test("lines over the bound are dropped and counted", arguments: [LogSink.Format.text, .json])
    func bound(format: LogSink.Format) throws {
        let sink = try LogSink(path: path, format: format, limit: 30)
        for line in 0..<10 { sink.write("line \(line)...") }
        sink.flush()
        sink.write("after")
        sink.close()
        let notice =
            format == .text
            ? "7 log lines were lost: they could not be written fast enough" : #"{"lost_lines":7}"#
        #expect(try scratch.lines("log") == ["line 0...", "line 1...", "line 2...", notice, "after"])
    }

    @Test("a full disk costs the lines, and their number is kept")
    func fullDisk() throws {
        let sink = try LogSink(path: "/dev/full")
        for line in 0..<10 { sink.write("line \(line)") }
        sink.flush()
        #expect(sink.lost == 10)
        sink.close()
    }

    @Test("a path that cannot be opened is named")
    func unopened() {
        #expect {
            try LogSink(path: "/nowhere/at/all/log")
        } throws: { error in
            "\(error)" == "cannot open the log file /nowhere/at/all/log: No such file or directory"
        }
    }
}
