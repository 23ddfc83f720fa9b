import Foundation
import Testing

@Suite("Programs with a main actor")
struct MainActorTests {
    @Test(
        "run it while they serve, waiting or blocked, and go on behind the server's end",
        .enabled(if: Compiler.hasModules, "the modules are not beside the tests"),
        arguments: ["try await app.run", "try app.runBlocking"])
    func visits(call: String) async throws {
        let folder = try TemporaryFolder()
        let file = Document.root.appending(path: "Tests/GuideTests/Programs/Visits.swift")
        let source = try String(contentsOf: file, encoding: .utf8)
            .replacing("try await app.run", with: call).replacing("port: 8000", with: "port: 0")
        #expect(source.contains(call))
        let program = try await Compiler(folder: folder.url).executable(source)
        let server = try await RunningProgram.start(program, in: folder.url)
        for visit in 1...3 {
            let answer = try await Command(
                executable: URL(filePath: "/usr/bin/env"),
                arguments: ["curl", "-s", "--max-time", "60", "http://127.0.0.1:\(server.port)/visits"]
            ).run()
            #expect(answer.text == "{\"visits\":\(visit)}")
        }
        let end = try await server.end(by: SIGTERM)
        #expect(end.status == 0)
        #expect(end.text.hasSuffix("3 visits\n"), "\(end.text)")
    }
}
