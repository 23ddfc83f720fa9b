import Foundation
import TestSupport
import Testing

/// OpenSSL's own server with a certificate that it has signed itself, for 127.0.0.1.
final class TLSServer: @unchecked Sendable {
    let url: String
    /// The certificate's file.
    let certificate: String
    private let folder: URL
    private let process = Process()

    init() async throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        certificate = folder.appending(path: "certificate.pem").path
        let key = folder.appending(path: "key.pem").path
        let making = Process()
        making.executableURL = URL(filePath: "/usr/bin/env")
        making.arguments = [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=127.0.0.1", "-addext",
            "subjectAltName=IP:127.0.0.1",
        ]
        making.standardError = FileHandle.nullDevice
        try making.start()
        making.waitUntilExit()
        try #require(making.terminationStatus == 0)
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", certificate, "-key", key, "-www",
        ]
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.start()
        var text = ""
        while !text.contains("ACCEPT 127.0.0.1:") || !text.hasSuffix("\n") {
            let part = output.fileHandleForReading.availableData
            try #require(!part.isEmpty, "openssl has ended")
            text += String(decoding: part, as: UTF8.self)
        }
        let port = try #require(text.split(whereSeparator: \.isNewline).last?.split(separator: ":").last)
        url = "https://127.0.0.1:\(port)/"
    }

    deinit {
        // Not waited for: Foundation does so on the thread's run loop, and a thread of tasks may never hear of the end there.
        process.terminate()
        try? FileManager.default.removeItem(at: folder)
    }
}
