import TestSupport
import Testing

@Suite("Tests that wait in calls that block", .ownThreads)
struct OwnThreadsTests {
    @Test("hold no thread that others need")
    func blocking() async {
        // More than Swift has threads of its own, on machines that are usual.
        let count = 200
        let arrived = Journal<Void>()
        let gate = Gate()
        await withTaskGroup { group in
            for _ in 0..<count {
                group.addTask {
                    arrived.note(())
                    if arrived.entries.count == count { gate.open() }
                    gate.pass()
                }
            }
        }
        #expect(arrived.entries.count == count)
    }

    @Test("which is so for those without a wait of Swift's too")
    func plain() {
        #expect(OwnThreads.isCurrent)
    }
}
