import CraneSystem
import Testing

@Suite struct OnceReferenceTests {
    private final class Value: Sendable {
        let number: Int

        init(_ number: Int) { self.number = number }
    }

    private final class Owner: Sendable {
        let kept = OnceReference<Value>()
    }

    @Test func keepsTheFirstAndLetsGoOfItWithItsOwner() {
        weak var first: Value?
        weak var second: Value?
        do {
            let owner = Owner()
            #expect(owner.kept.value == nil)
            first = owner.kept.store(Value(1))
            do {
                let late = Value(2)
                second = late
                #expect(owner.kept.store(late).number == 1)
            }
            #expect(owner.kept.value?.number == 1)
            #expect(first != nil)
            #expect(second == nil)
        }
        #expect(first == nil)
    }

    @Test func allThreadsGetTheSame() async {
        let owner = Owner()
        let kept = await withTaskGroup(of: Int.self, returning: Set<Int>.self) { group in
            for number in 1...64 { group.addTask { owner.kept.store(Value(number)).number } }
            return await group.reduce(into: []) { $0.insert($1) }
        }
        #expect(kept.count == 1)
        #expect(owner.kept.value.map { kept.contains($0.number) } == true)
    }
}
