import Glibc

/// A directory of the test's own, removed with it.
final class Scratch: Sendable {
    let path: String

    init() throws {
        var template = Array("/var/tmp/crane-XXXXXX".utf8CString)
        // mkdtemp(3) changes the array in place.
        guard unsafe mkdtemp(&template) != nil else { throw Failure(code: errno) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        for name in (try? names()) ?? [] { _ = unsafe unlink("\(path)/\(name)") }
        _ = unsafe rmdir(path)
    }

    func names() throws -> [String] {
        guard let directory = unsafe opendir(path) else { throw Failure(code: errno) }
        defer { _ = unsafe closedir(directory) }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
                unsafe String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    func text(_ name: String) throws -> String {
        guard let file = unsafe fopen("\(path)/\(name)", "r") else { throw Failure(code: errno) }
        defer { _ = unsafe fclose(file) }
        var bytes: [UInt8] = []
        while case let byte = unsafe fgetc(file), byte >= 0 { bytes.append(UInt8(truncatingIfNeeded: byte)) }
        return String(decoding: bytes, as: UTF8.self)
    }

    func lines(_ name: String) throws -> [String] {
        try text(name).split(separator: "\n").map(String.init)
    }

    func move(_ name: String, to other: String) throws {
        guard unsafe rename("\(path)/\(name)", "\(path)/\(other)") == 0 else { throw Failure(code: errno) }
    }

    func makeDirectory(_ name: String) throws {
        guard unsafe mkdir("\(path)/\(name)", 0o700) == 0 else { throw Failure(code: errno) }
    }

    func removeDirectory(_ name: String) {
        _ = unsafe rmdir("\(path)/\(name)")
    }

    struct Failure: Error {
        let code: Int32
    }
}
