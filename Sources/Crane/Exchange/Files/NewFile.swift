import CraneHTTP
import CraneSystem

/// Where a file is put, and what becomes of one that is there.
struct FileDestination: Sendable {
    let path: String
    let replaces: Bool
    /// The file's mode, whatever the process's mask says.
    let permissions: UInt32

    /// A name in the same folder that nothing has.
    func sibling() -> String {
        let folder = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path[...$0] } ?? ""
        return "\(folder).crane-\(String(UInt64.random(in: 0 ... .max), radix: 16))"
    }
}

/// A file that is being written for a path where nothing is, or the file before, until it is whole.
///
/// For worker threads: every call may wait for the disk. It has a hidden name in the same folder meanwhile.
final class NewFile: Sendable {
    /// So many bytes are written or copied at once.
    static let pieceLength = 1 << 20

    private let destination: FileDestination
    private let name: String
    private let file: OpenFile

    init(_ destination: FileDestination) throws(FileError) {
        self.destination = destination
        name = destination.sibling()
        file = try OpenFile(creating: name)
    }

    func write(_ bytes: [UInt8], at offset: Int) throws(FileError) { try file.write(bytes, at: offset) }

    /// Puts the file, which is whole, at its path; removes it where that fails.
    func finish() throws(FileError) {
        do throws(SystemError) {
            try file.setMode(destination.permissions)
            if destination.replaces {
                try FileDescriptor.rename(name, to: destination.path)
            } else {
                // Unlike rename(2) it fails where something is.
                try FileDescriptor.link(name, as: destination.path)
                try FileDescriptor.remove(name)
            }
        } catch {
            remove()
            throw FileError(error, path: destination.path)
        }
    }

    private func remove() { try? FileDescriptor.remove(name) }

    /// Removes what has been written, on a worker thread, whatever becomes of the request; any thread.
    func abandon(on loop: any LoopServices) {
        loop.spawn { try? await loop.blocking { self.remove() } }
    }
}

extension OpenFile {
    /// Gives a temporary file its place in one step, without a copy; false where it must be copied: it lies on another file system,
    /// or has a place already.
    func move(to destination: FileDestination) throws(FileError) -> Bool {
        guard takeName() else { return false }
        do throws(SystemError) {
            try setMode(destination.permissions)
            do throws(SystemError) {
                try link(as: destination.path)
            } catch  where error.code == EEXIST && destination.replaces {
                let name = destination.sibling()
                try link(as: name)
                do throws(SystemError) {
                    try FileDescriptor.rename(name, to: destination.path)
                } catch {
                    try? FileDescriptor.remove(name)
                    throw error
                }
            }
            return true
        } catch  where error.code == EEXIST {
            throw FileError(error, path: destination.path)
        } catch {
            // What is wrong with the path, the copy will tell.
            return false
        }
    }
}
