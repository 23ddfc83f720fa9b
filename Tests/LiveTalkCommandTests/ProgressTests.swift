import Foundation
import TestSupport
import Testing

/// What the operator's commands tell while they work.
@Suite(.ownThreads) struct ProgressTests {
    @Test("a long command tells on a terminal how far it is, and nowhere else")
    func progress() throws {
        let folder = TemporaryFolder()
        let options = ["--database-url", folder.database]
        #expect(try LiveTalkProcess.run(["migrate"] + options).status == 0)
        let quiet = try LiveTalkProcess.run(["backup", folder.path + "/a.db"] + options)
        #expect(quiet.status == 0 && quiet.error.isEmpty)
        let words = try [LiveTalkProcess.binary.path, "backup", folder.path + "/b.db"] + options
        // script(1) runs the command in a terminal of its own.
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/script")
        process.arguments = ["-qec", words.map { "'\($0)'" }.joined(separator: " "), "/dev/null"]
        process.environment = LiveTalkProcess.surroundings
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        try process.start()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(output.contains("\rbackup 100 %"), "\(output)")
    }
}
