internal import Foundation
package import Testing

/// A Redis of a test's own on a Unix socket in a temporary directory; it ends with this value, or with the process that made it.
package final class RedisServer: Sendable {
    /// Where the server's program is; `nil` where there is none.
    package static let program: String? = {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":") + ["/usr/bin"]
        return folders.map { "\($0)/redis-server" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }()

    /// What keeps a server from starting.
    package struct Failure: Error {
        package let message: String
    }

    private let directory: String
    private let process: Process
    private let input = Pipe()

    /// Starts one with this password.
    package init(password: String = "") throws {
        guard let program = Self.program else { throw Failure(message: "there is no Redis here") }
        var template = Array("/tmp/crane-redis-XXXXXX".utf8CString)
        // mkdtemp(3) changes the array in place.
        guard unsafe mkdtemp(&template) != nil else { throw Failure(message: "no directory can be made") }
        directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        // It ends when the standard input does, as this process's end closes it; by SIGKILL, as it may have inherited that others are blocked.
        process.arguments = [
            "-c",
            """
            cd "$1"; "$0" --port 0 --unixsocket "$1/redis.sock" --save '' --appendonly no --daemonize no ${2:+--requirepass "$2"} > log &
            server=$!; while read -r signal && [ $signal != QUIT ]; do kill -$signal $server; done
            kill -KILL $server; cd /; rm -rf "$1"
            """, program, directory, password,
        ]
        process.standardInput = input
        // Another process that had it too would keep this one from its end.
        _ = fcntl(input.fileHandleForWriting.fileDescriptor, F_SETFD, FD_CLOEXEC)
        try process.start()
        var attempts = 0
        while !FileManager.default.fileExists(atPath: socket) {
            attempts += 1
            guard process.isRunning, attempts < 6000 else {
                throw Failure(message: "the Redis does not start")
            }
            usleep(5000)
        }
    }

    deinit { end() }

    /// Ends it; what it has kept is gone.
    package func end() {
        // The end of its input comes late where another process has the pipe too.
        try? input.fileHandleForWriting.write(contentsOf: Array("QUIT\n".utf8))
        try? input.fileHandleForWriting.close()
        while process.isRunning { usleep(1000) }
    }

    /// Has it do nothing for a while, or go on.
    package func pause(_ isPaused: Bool) throws {
        try input.fileHandleForWriting.write(contentsOf: Array((isPaused ? "STOP\n" : "CONT\n").utf8))
    }

    /// The path of its socket.
    package var socket: String { directory + "/redis.sock" }
}

extension Trait where Self == ConditionTrait {
    /// Skips tests where there is no Redis to start.
    package static var needsRedis: Self {
        .enabled("needs a Redis (Debian's package redis-server)") { RedisServer.program != nil }
    }
}
