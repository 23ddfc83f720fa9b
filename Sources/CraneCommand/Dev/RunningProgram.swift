import CraneService
import Foundation
import Synchronization

/// The program under way; what it says goes to standard error, and its first lines tell where it listens.
final class RunningProgram: Sendable {
    private let child: ChildProcess
    private let said: Transcript
    private let found: Mutex<ProgramAddress?>

    /// - Parameter ended: is told the status when it ends by itself or is ended.
    init(_ program: URL, _ arguments: [String], ended: @escaping @Sendable (Int32) -> Void) throws {
        let said = Transcript()
        self.said = said
        found = Mutex(nil)
        child = try ChildProcess([program.path] + arguments) { bytes in
            said.add(bytes)
            StandardStreams.writeError(String(decoding: bytes, as: UTF8.self))
        }
        Task { [child] in ended(await child.status()) }
    }

    /// Where it listens, once it has said so.
    var address: ProgramAddress? {
        found.withLock { found in
            if found == nil { found = ProgramAddress(in: said.text) }
            return found
        }
    }

    /// The last of what it has said.
    var lastWords: String { said.tail(40) }

    func end() async { _ = await child.end() }
}
