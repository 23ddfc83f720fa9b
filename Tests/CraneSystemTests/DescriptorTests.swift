import CraneSystem
import Testing

@Suite("Descriptors")
struct DescriptorTests {
    private static func isOpen(_ number: Int32) -> Bool { fcntl(number, F_GETFD) != -1 }

    /// Two ends of a pipe.
    private static func pipe() throws -> (read: Int32, write: Int32) {
        var ends: [Int32] = [-1, -1]
        try SystemError.check(unsafe Glibc.pipe(&ends))
        return (ends[0], ends[1])
    }

    @Test("an owned one is closed with its value, and one that was taken is not")
    func ownership() throws {
        // What a closed number was, another test may have got by now: the file tells.
        func identity(_ descriptor: borrowing some SystemDescriptor & ~Copyable) throws -> ino_t {
            try descriptor.status().st_ino
        }
        let ends = try Self.pipe()
        let reader = try FileDescriptor(ends.read)
        do {
            let writer = try FileDescriptor(ends.write)
            #expect(try identity(writer) == identity(reader))
        }
        // Its only writer has gone.
        #expect(try reader.read(1).isEmpty)
        let number = reader.take()
        #expect(Self.isOpen(number))
        close(number)
    }

    @Test("what a call has failed to open throws the call's error")
    func failure() {
        #expect(throws: SystemError(ENOENT)) {
            _ = try FileDescriptor.open("/nonexistent/file", O_RDONLY).take()
        }
        #expect(throws: SystemError(EINVAL)) { _ = try FileDescriptor.open("/dev/null\0x", O_RDONLY).take() }
        #expect("\(SystemError(ENOENT))" == "No such file or directory")
    }

    @Test("a program that this one starts gets neither a file nor a socket")
    func closing() throws {
        let file = try FileDescriptor.open("/dev/null", O_RDONLY)
        let socket = try FileDescriptor.socket(AF_UNIX, SOCK_DGRAM)
        let copy = try file.duplicate()
        let temporary = try FileDescriptor.temporary(in: FileDescriptor.temporaryDirectory)
        for number in [file.number, socket.number, copy.number, temporary.number] {
            #expect(fcntl(number, F_GETFD) == FD_CLOEXEC)
        }
    }

    @Test("a file without a name keeps what is written where it is written")
    func temporary() throws {
        let file = try FileDescriptor.temporary(in: FileDescriptor.temporaryDirectory)
        #expect(try file.status().st_nlink == 0)
        try file.write(Array("hello world".utf8))
        try file.write(Array("W".utf8), at: 6)
        #expect(try file.read(100, at: 6) == Array("World".utf8))
        try file.move(to: 0)
        #expect(try file.readToEnd(limit: 11) == Array("hello World".utf8))
        try file.move(to: 0)
        #expect(try file.readToEnd(limit: 10) == nil)
        try file.cut(at: 5)
        #expect(try file.status().st_size == 5)
        try file.sync()
    }

    @Test("waiting for a pipe ends when there is something, and when nothing comes")
    func waiting() throws {
        let ends = try Self.pipe()
        let reader = try FileDescriptor(ends.read)
        let writer = try FileDescriptor(ends.write)
        #expect(try !reader.wait(for: POLLIN, milliseconds: 0))
        try writer.write([1])
        #expect(try reader.wait(for: POLLIN, milliseconds: -1))
    }

    @Test("a datagram comes to a socket by its path and by its abstract name", arguments: [true, false])
    func unixAddresses(isAbstract: Bool) throws {
        let name = "crane-system-\(getpid())-\(isAbstract)"
        let path = FileDescriptor.temporaryDirectory + "/" + name
        let address = isAbstract ? try UnixAddress(abstract: name) : try UnixAddress(path: path)
        let receiver = try FileDescriptor.socket(AF_UNIX, SOCK_DGRAM)
        try receiver.bind(to: address)
        defer { if !isAbstract { _ = unsafe unlink(path) } }
        let sender = try FileDescriptor.socket(AF_UNIX, SOCK_DGRAM)
        try sender.send([1, 2, 3], to: address)
        #expect(try receiver.read(10) == [1, 2, 3])
    }

    @Test("a path that no socket can have is refused")
    func longPaths() throws {
        _ = try UnixAddress(path: String(repeating: "x", count: 107))
        for path in ["", String(repeating: "x", count: 108)] {
            #expect(throws: SystemError(ENAMETOOLONG)) { try UnixAddress(path: path) }
        }
        #expect(throws: SystemError(EINVAL)) { try UnixAddress(path: "a\0b") }
    }

    @Test("a receiver that is patient for a moment is told that nothing came")
    func patience() throws {
        let socket = try FileDescriptor.socket(AF_UNIX, SOCK_DGRAM)
        socket.setPatience(.zero, for: [SO_RCVTIMEO])
        #expect(throws: SystemError(EAGAIN)) { try socket.read(1) }
    }
}
