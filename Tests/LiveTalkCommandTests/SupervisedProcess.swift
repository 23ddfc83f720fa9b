import Foundation
import Testing

/// `livetalk serve` as systemd starts it: with sockets passed to it and a socket to notify.
final class SupervisedProcess {
    let processID: pid_t
    private let notifications: Int32
    private let standardError = Pipe()

    /// - Parameter sockets: become the descriptors from 3 on.
    init(folder: TemporaryFolder, sockets: [Int32], arguments: [String], environment: [String: String]) throws
    {
        let path = folder.path + "/notify"
        notifications = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        try #require(bindUnix(notifications, to: path) == 0)
        // A test that waits for what never comes must fail.
        var patience = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(
            notifications, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        let errors = standardError.fileHandleForWriting.fileDescriptor
        var status = stat()
        fstat(errors, &status)
        let all = environment.merging(LiveTalkProcess.surroundings) { own, _ in own }.merging([
            "NOTIFY_SOCKET": path, "LISTEN_FDS": "\(sockets.count)",
            "JOURNAL_STREAM": "\(status.st_dev):\(status.st_ino)",
        ]) { own, _ in own }
        // LISTEN_PID is the number of a process that is not there yet.
        let command =
            ["/bin/sh", "-c", "LISTEN_PID=$$ exec \"$0\" \"$@\"", try LiveTalkProcess.binary.path, "serve"]
            + ["--database-url", folder.database] + arguments
        processID = try spawn(
            command, all.map { "\($0)=\($1)" },
            [(errors, 2)] + sockets.enumerated().map { ($1, Int32($0) + 3) })
        try standardError.fileHandleForWriting.close()
    }

    deinit {
        close(notifications)
        if kill(processID, 0) == 0 {
            kill(processID, SIGKILL)
            waitpid(processID, nil, 0)
        }
    }

    /// The next message to systemd that is not about the watchdog; empty when none comes.
    func notification() -> String {
        while true {
            let message = anyNotification()
            if message != "WATCHDOG=1" { return message }
        }
    }

    /// The next message to systemd; empty when none comes.
    func anyNotification() -> String {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = recv(notifications, &bytes, bytes.count, 0)
        return String(decoding: bytes[..<max(0, count)], as: UTF8.self)
    }

    /// Sends SIGTERM and gives the exit status and all that was logged.
    func end() -> (status: Int32, log: String) {
        kill(processID, SIGTERM)
        let log = standardError.fileHandleForReading.readDataToEndOfFile()
        var status: Int32 = 0
        waitpid(processID, &status, 0)
        return (status, String(decoding: log, as: UTF8.self))
    }
}

/// Starts a program with these descriptors besides its own.
private func spawn(
    _ command: [String], _ environment: [String], _ descriptors: [(from: Int32, to: Int32)]
) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    // Out of the way first: a descriptor may stand where another one goes.
    for (index, descriptor) in descriptors.enumerated() {
        posix_spawn_file_actions_adddup2(&actions, descriptor.from, 200 + Int32(index))
    }
    for (index, descriptor) in descriptors.enumerated() {
        posix_spawn_file_actions_adddup2(&actions, 200 + Int32(index), descriptor.to)
        posix_spawn_file_actions_addclose(&actions, 200 + Int32(index))
    }
    let arguments = command.map { strdup($0) } + [nil]
    let variables = environment.map { strdup($0) } + [nil]
    defer { for text in arguments + variables { free(text) } }
    var processID: pid_t = 0
    try #require(posix_spawn(&processID, command[0], &actions, nil, arguments, variables) == 0)
    return processID
}

/// bind(2) to the path of a Unix socket.
func bindUnix(_ socket: Int32, to path: String) -> Int32 {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
    return withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
    }
}
