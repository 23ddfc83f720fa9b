import Glibc

/// A directory of one test's own, removed with all that is in it when the value goes.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        let parent = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
        var template = Array("\(parent)/crane-sqlite-XXXXXX".utf8CString)
        guard let made = unsafe mkdtemp(&template) else {
            throw TemporaryDirectoryError(code: errno)
        }
        path = unsafe String(cString: made)
    }

    deinit {
        if let directory = unsafe opendir(path) {
            while let entry = unsafe readdir(directory) {
                let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { name in
                    unsafe name.withMemoryRebound(to: CChar.self, capacity: 256) {
                        unsafe String(cString: $0)
                    }
                }
                if name != ".", name != ".." {
                    _ = unsafe unlink(file(name))
                }
            }
            unsafe closedir(directory)
        }
        _ = unsafe rmdir(path)
    }

    func exists(_ name: String) -> Bool { unsafe access(file(name), F_OK) == 0 }

    func file(_ name: String) -> String { "\(path)/\(name)" }
}

struct TemporaryDirectoryError: Error {
    let code: Int32
}
