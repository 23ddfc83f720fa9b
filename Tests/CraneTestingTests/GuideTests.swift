import Foundation
import Testing

@Suite("The guide")
struct GuideTests {
    @Test("shows examples that are compiled and run")
    func examples() throws {
        let here = URL(filePath: #filePath).deletingLastPathComponent()
        let root = here.deletingLastPathComponent().deletingLastPathComponent()
        let guide = try String(contentsOf: root.appending(path: "Docs/Guide/Testing.md"), encoding: .utf8)
        let examples = try String(
            contentsOf: here.appending(path: "GuideExamples.swift"), encoding: .utf8)
        let blocks = guide.matches(of: /```swift\n((?s).*?)```/).map { String($0.1) }
        #expect(blocks.count == 3)
        for block in blocks { #expect(examples.contains(block)) }
    }
}
