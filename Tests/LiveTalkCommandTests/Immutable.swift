import Foundation
import TestSupport

/// Files that not even root may write to while this lasts (chattr(1)), those included that are open already.
enum Immutable {
    /// Whether this user may make a file so on this file system, and it counts for an open file.
    static var isHere: Bool {
        let folder = TemporaryFolder()
        let path = folder.path + "/probe"
        let file = open(path, O_CREAT | O_WRONLY, 0o600)
        defer { close(file) }
        guard file >= 0, set(true, path) else { return false }
        defer { set(false, path) }
        return write(file, "x", 1) < 0
    }

    @discardableResult
    static func set(_ isImmutable: Bool, _ path: String) -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/chattr")
        process.arguments = [isImmutable ? "+i" : "-i", path]
        process.standardError = FileHandle.nullDevice
        guard (try? process.start()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
