import Testing

@testable import CraneCommand

@Suite("What of a build's output is shown")
struct DiagnosticsTests {
    @Test("is each error once, with its lines of source and without warnings")
    func errors() {
        let error = """
            /app/Sources/App/main.swift:3:9: error: cannot find 'b' in scope
            1 | import Crane
            2 | 
            3 | let a = b
              |         `- error: cannot find 'b' in scope
            4 | 
            """
        let output = """
            [1/5] Compiling App main.swift
            /app/Sources/App/other.swift:1:1: warning: unused
            1 | a
              | `- warning: unused
            \(error)
            error: emit-module command failed with exit code 1
            \(error)
            error: fatalError
            """
        #expect(Diagnostics.shown(output) == error)
    }

    @Test("is the end of it where no source has an error")
    func others() {
        let lines = (1...50).map { "line \($0)" }
        let output = (lines + ["[7/8] Linking App"]).joined(separator: "\n")
        #expect(Diagnostics.shown(output) == lines.suffix(40).joined(separator: "\n"))
    }

    @Test("names the address where a program listens")
    func address() {
        let log = "2026-11-30T10:00:00+0000 info crane: [Crane] listening on http://[::1]:80\n"
        #expect(ProgramAddress(in: log)?.host == "::1")
        #expect(ProgramAddress(in: log)?.port == 80)
        #expect(ProgramAddress(in: "  Address   http://0.0.0.0:8000\n")?.host == "0.0.0.0")
        // Half of a line may have come.
        #expect(ProgramAddress(in: "listening on http://127.0.0.1:80") == nil)
        #expect(ProgramAddress(in: "asked http://example.com:80\n") == nil)
        let told = ProgramAddress(arguments: ["serve", "--host", "::", "--port", "9000"])
        #expect(told.host == "::" && told.port == 9000)
        #expect(ProgramAddress(arguments: ["--port", "0"]).port == 8000)
    }
}
