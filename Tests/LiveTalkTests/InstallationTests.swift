import Crane
import Foundation
import TestSupport
import Testing

@testable import CraneService
@testable import LiveTalk

/// What `make install` puts on a machine.
@Suite("The installation", .ownThreads)
struct InstallationTests {
    private var repository: URL {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
    }

    private func text(_ path: String) throws -> String {
        try String(contentsOf: repository.appending(path: path), encoding: .utf8)
    }

    /// Runs a program to its end and gives its status and all that it wrote.
    private func run(_ program: String, _ arguments: [String]) throws -> (status: Int32, output: String) {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.currentDirectoryURL = repository
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        process.standardError = pipe
        try process.start()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }

    @Test("has a sample of settings that holds every one, narrows hosts and origins, and limits clients")
    func sample() throws {
        let path = repository.appending(path: "config/livetalk.env").path
        let settings = try Settings(file: path, required: true)
        #expect(settings.rateLimit == RateRule(count: 300, seconds: 60))
        #expect(settings.allowedHosts?.contains("talks.example.com") == true)
        #expect(settings.corsAllowOrigins == ["https://talks.example.com"])
        #expect(settings.demoUser == false)
        #expect(settings.benchmarkRoutes == false)
        let entries = try DotEnv(parsing: text("config/livetalk.env")).entries.map(\.name)
        #expect(Set(entries) == Set(Settings.catalog.all.map(\.name)))
        #expect(entries.count == Settings.catalog.all.count)
    }

    @Test("has a manual that tells of every setting, its default, and whether a reload takes it over")
    func manual() throws {
        let rows = try text("Docs/Deployment.md").split(separator: "\n").filter { $0.hasPrefix("| `") }
        for setting in Settings.catalog.all {
            let row = try #require(rows.first { $0.contains("`\(setting.name)`") }, "\(setting.name)")
            #expect(row.contains("| reload |") == setting.isReloadable, "\(setting.name)")
            let cell = row.split(separator: " | ")[1]
            // `--help` shows the same; the manual has few words for long lists.
            let usual = try #require(setting.spelling(in: Settings()), "\(setting.name)")
            guard let shown = cell.wholeMatch(of: /`([^`…]+)`/)?.1 ?? (cell == "empty" ? "" : nil) else {
                continue
            }
            #expect(shown == usual, "\(setting.name)")
        }
    }

    @Test("builds its image from the packages that are pinned, and pins every one")
    func pinned() throws {
        let dockerfile = try text("config/Dockerfile")
        #expect(dockerfile.contains("COPY config/packages.json Package.resolved"))
        for line in dockerfile.split(separator: "\n")
        where line.contains("swift package resolve") || line.contains("swift build") {
            #expect(line.contains("--force-resolved-versions"), "\(line)")
        }
        let pins = try text("config/packages.json")
        let packages = try text("Package.swift").matches(of: /\.package\(url: "([^"]+)"/)
        #expect(packages.count == 7)
        for package in packages { #expect(pins.contains("\"\(package.1)\""), "\(package.1)") }
    }

    @Test("goes below PREFIX and DESTDIR, keeps an operator's settings, and is removed again")
    func installAndUninstall() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        let arguments = ["--silent", "DESTDIR=\(folder.path)", "PREFIX=/opt/talk", "BINARY=/bin/true"]
        let installed = try run("make", ["install"] + arguments)
        #expect(installed.status == 0, "\(installed.output)")
        let units = folder.appending(path: "opt/talk/lib/systemd/system")
        let service = try String(contentsOf: units.appending(path: "livetalk.service"), encoding: .utf8)
        #expect(service.contains("ExecStart=/opt/talk/bin/livetalk serve"))
        #expect(!service.contains("/usr/local"))
        #expect(FileManager.default.fileExists(atPath: units.appending(path: "livetalk.socket").path))
        #expect(
            FileManager.default.isExecutableFile(atPath: folder.appending(path: "opt/talk/bin/livetalk").path)
        )
        let settings = folder.appending(path: "etc/livetalk/livetalk.env")
        try "LIVETALK_PORT=9\n".write(to: settings, atomically: true, encoding: .utf8)
        #expect(try run("make", ["install"] + arguments).status == 0)
        #expect(try String(contentsOf: settings, encoding: .utf8) == "LIVETALK_PORT=9\n")
        let removed = try run("make", ["uninstall"] + arguments)
        #expect(removed.status == 0, "\(removed.output)")
        let left = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.allObjects
            .compactMap { ($0 as? URL)?.lastPathComponent }.filter { $0.hasPrefix("livetalk.") }
        #expect(left == ["livetalk.env"])
    }

    @Test(
        "has units that systemd takes without a word, and a service that it calls safe",
        .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/systemd-analyze")))
    func units() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let service = folder.appending(path: "livetalk.service")
        // Only a program that is there is taken without a word.
        try text("config/livetalk.service").replacing("/usr/local/bin/livetalk", with: "/bin/true")
            .write(to: service, atomically: true, encoding: .utf8)
        let socket = folder.appending(path: "livetalk.socket")
        try text("config/livetalk.socket").write(to: socket, atomically: true, encoding: .utf8)
        let verified = try run("systemd-analyze", ["verify", service.path, socket.path])
        #expect(verified.status == 0)
        #expect(verified.output.isEmpty)
        // --threshold counts to 100: 15 is an exposure of 1.5 (systemd-analyze(1)).
        let judged = try run(
            "systemd-analyze",
            ["security", "--offline=true", "--no-pager", "--threshold=15", service.path])
        #expect(judged.status == 0, "\(judged.output)")
    }
}
