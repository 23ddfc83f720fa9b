import Crane
import CraneTesting
import Foundation
import Testing

@Suite("The documentation's commands")
struct TourTests {
    @Test(
        "give the answers shown", .enabled(if: Compiler.hasModules, "the modules are not beside the tests"),
        arguments: Tour.all)
    func tour(_ tour: Tour) async throws {
        let folder = try TemporaryFolder()
        switch tour.server {
        case .none: try await run(tour, in: folder, port: nil)
        case .livetalk:
            let executable = Compiler.products.appending(path: "livetalk")
            let server = try await RunningProgram.start(
                executable, ["serve", "--port", "0", "--database-url", "sqlite:///tour.db"], in: folder.url)
            try await run(tour, in: folder, port: server.port)
        case .program(let path):
            let server = try await RunningProgram.compiled(path, in: folder.url)
            try await run(tour, in: folder, port: server.port)
        case .service(let path):
            let server = try await RunningProgram.service(path, in: folder.url)
            try await run(tour, in: folder, port: server.port)
        case .app(let make):
            try "Hello, World!\n".write(
                to: folder.url.appending(path: "slides.txt"), atomically: true, encoding: .utf8)
            let server = try LiveTransport(try make(folder.url.path).build())
            do {
                try await run(tour, in: folder, port: Int(server.port))
            } catch {
                try await server.close()
                throw error
            }
            try await server.close()
        }
    }

    private func run(_ tour: Tour, in folder: TemporaryFolder, port: Int?) async throws {
        var replacements = tour.places.map { ($0, folder.url.path + $0) }
        if let port { replacements.append(("127.0.0.1:8000", "127.0.0.1:\(port)")) }
        for place in tour.places {
            try FileManager.default.createDirectory(
                atPath: folder.url.path + place, withIntermediateDirectories: true)
        }
        if let preparation = tour.preparation {
            try await ShellStep(command: preparation, answer: nil).run(
                in: folder.url, replacing: replacements)
        }
        var count = 0
        for block in try Document(tour.document).blocks(of: "sh") where tour.covers(tour.document, block) {
            for step in ShellStep.steps(of: block.text) where !Unrun.has(step.command, in: tour.document) {
                try await step.run(in: folder.url, replacing: replacements)
                count += 1
            }
        }
        #expect(count > 0, "there is nothing to run under \(tour)")
    }

    @Test("are all run by a test, or say why not")
    func completeness() throws {
        var listed = Set<String>()
        for document in try Document.all() {
            for block in document.blocks(of: "sh") {
                let isToured = Tour.all.contains { $0.covers(document.path, block) }
                for step in ShellStep.steps(of: block.text) {
                    if Unrun.has(step.command, in: document.path) {
                        listed.insert("\(document.path): \(step.command)")
                    } else {
                        #expect(isToured, "\(document.path): nothing runs \(step.command)")
                    }
                }
            }
        }
        let all = Set(Unrun.all.map { "\($0.document): \($0.command)" })
        #expect(all.subtracting(listed) == [], "these stand in no text any more")
    }
}
