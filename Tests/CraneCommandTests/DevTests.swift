import Crane
import CraneTesting
import Foundation
import TestSupport
import Testing

@testable import CraneCommand

/// `make example` does the same with the compiler; here a script stands in its place, so that no test waits for it.
@Suite("crane dev", .ownThreads)
struct DevTests {
    /// Makes a program of a file by copying it, and takes the word "mistake" for one.
    private static let compiler = #"""
        #!/bin/bash
        main=$3/Sources/Hello/main.swift
        case "$*" in
        *describe*)
            echo 'warning: this is no JSON'
            echo '{"products": [{"name": "Hello", "type": {"executable": null}}, {"name": "L", "type": {"library": ["automatic"]}}],'
            echo '"targets": [{"name": "Hello", "path": "Sources/Hello", "type": "executable"}], "dependencies": []}' ;;
        *--show-bin-path*) echo "$3/.build/debug" ;;
        *)
            echo '[1/2] Compiling Hello main.swift'
            if grep -q mistake "$main"; then
                for job in one two; do
                    echo "$main:1:1: error: cannot find 'mistake' in scope"
                    echo '1 | mistake <here>'
                    echo '  | `- error: not in scope'
                done
                exit 1
            fi
            mkdir -p "$3/.build/debug"
            cp "$main" "$3/.build/debug/Hello.new" && chmod +x "$3/.build/debug/Hello.new"
            mv "$3/.build/debug/Hello.new" "$3/.build/debug/Hello" ;;
        esac
        """#

    /// A server that answers with a word, and ends when it is asked to.
    private static func program(_ word: String) -> String {
        """
        #!/usr/bin/env python3
        import http.server, os, sys
        class Answers(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                if self.path == "/end":
                    print("these are its last words", file=sys.stderr, flush=True)
                    os._exit(3)
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"\(word)")
            def log_message(self, *words):
                pass
        server = http.server.HTTPServer(("127.0.0.1", 0), Answers)
        print(f"info: listening on http://127.0.0.1:{server.server_port}", file=sys.stderr, flush=True)
        server.serve_forever()
        """
    }

    private let folder: TemporaryFolder
    private let crane: CraneProcess

    init() throws {
        folder = try TemporaryFolder()
        try folder.write(Self.compiler, to: "tools/swift", isExecutable: true)
        try folder.write("// The package.", to: "Package.swift")
        try folder.write(Self.program("one"), to: "Sources/Hello/main.swift")
        crane = try CraneProcess(["dev"], in: folder.url, tools: folder.url.appending(path: "tools"))
    }

    private func change(_ text: String) throws { try folder.write(text, to: "Sources/Hello/main.swift") }

    /// The port of the program that was started as the so-manieth.
    private func port(_ count: Int) throws -> UInt16 {
        try #require(UInt16(try crane.waits(for: #"listening on http://127\.0\.0\.1:(\d+)\n"#, count: count)))
    }

    private func answer(
        _ port: UInt16, _ path: String = "/", accept: String = "*/*"
    ) async throws -> TestResponse {
        let client = TestClient(LiveTransport(port: port))
        return try await client.get(path, headers: [.accept: accept])
    }

    /// Asks until the page is there: the line about it comes first.
    private func failure(_ port: UInt16, accept: String = "*/*") async throws -> TestResponse {
        while true {
            if let answer = try? await answer(port, accept: accept), answer.status == .serviceUnavailable {
                return answer
            }
        }
    }

    @Test("starts a program, and starts it anew at a change")
    func change() async throws {
        let first = try port(1)
        #expect(try await answer(first).text == "one")
        try change(Self.program("two"))
        let second = try port(2)
        #expect(try await answer(second).text == "two")
        _ = try crane.waits(for: #"crane: Sources/Hello/main\.swift: built in [\d.]+ s, restarted\n"#)
        await #expect(throws: (any Error).self) { try await answer(first) }
        // A folder that is new counts too; what editors keep for themselves does not.
        try folder.write("hidden", to: "Sources/Hello/.main.swift.swp")
        try folder.write("new", to: "Sources/Hello/New/file.swift")
        #expect(try await answer(try port(3)).text == "two")
        #expect(!crane.text.contains(".swp"))
        #expect(crane.end(SIGINT) == 0)
        await #expect(throws: (any Error).self) { try await answer(try port(3)) }
    }

    @Test("shows what does not compile at the program's address, until it does")
    func mistake() async throws {
        let port = try port(1)
        try change("mistake <here>")
        let answer = try await failure(port)
        let error =
            "main.swift:1:1: error: cannot find 'mistake' in scope\n1 | mistake <here>\n  | `- error: not in scope\n"
        #expect(answer.text.hasPrefix("The program does not compile\n\n/"))
        #expect(answer.text.hasSuffix(error))
        #expect(answer.text.split(separator: "mistake <here>").count == 2, "each error stands once")
        #expect(answer.headers[.retryAfter] == "1")
        let page = try await failure(port, accept: "text/html,*/*")
        #expect(page.headers[.contentType] == "text/html; charset=utf-8")
        #expect(
            page.text.contains("1 | mistake &lt;here&gt;") && page.text.contains("http-equiv=\"refresh\""))
        #expect(crane.text.contains("crane: Sources/Hello/main.swift: not built\n/"))
        try change(Self.program("three"))
        let next = try self.port(2)
        #expect(try await self.answer(next).text == "three")
        await #expect(throws: (any Error).self) { try await self.answer(port) }
        #expect(crane.end(SIGTERM) == 0)
    }

    @Test("stands in for a program that has ended, with its last words")
    func end() async throws {
        let port = try port(1)
        await #expect(throws: (any Error).self) { try await self.answer(port, "/end") }
        let page = try await failure(port)
        #expect(page.text.contains("The program has ended with the status 3"))
        #expect(page.text.contains("these are its last words"))
        try change(Self.program("two"))
        #expect(try await self.answer(try self.port(2)).text == "two")
        #expect(crane.end(SIGINT) == 0)
    }

    @Test("says which executables there are, and that a folder is no package")
    func executables() throws {
        let tools = folder.url.appending(path: "tools")
        let other = try CraneProcess(["dev", "Other"], in: folder.url, tools: tools)
        #expect(other.end() == 1)
        #expect(
            try other.waits(for: "Error: (.*)\n")
                == "\(folder.url.standardizedFileURL.path) has no executable Other, but Hello")
        let empty = try TemporaryFolder()
        let outcome = try CraneProcess.run(["dev"], in: empty.url)
        #expect(outcome.status == 1 && outcome.text.contains("there is no package in this folder"))
        #expect(crane.end(SIGINT) == 0)
    }
}
