import Glibc

/// A directory of the test's own with a short path, removed with the files named when it was made.
package final class ScratchDirectory: Sendable {
    package let path: String
    private let names: [String]

    package init(names: String...) throws {
        self.names = names
        var template = Array("/var/tmp/crane-XXXXXX".utf8CString)
        // mkdtemp(3) changes the array in place.
        guard unsafe mkdtemp(&template) != nil else { throw SocketFailure.last }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        for name in names { _ = unsafe unlink("\(path)/\(name)") }
        _ = unsafe rmdir(path)
    }
}
