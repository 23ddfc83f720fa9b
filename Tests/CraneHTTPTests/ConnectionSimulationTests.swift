import Testing

@testable import CraneHTTP

@Suite("A connection that anything happens to")
struct ConnectionSimulationTests {
    /// What a hundred seeds have led to, so that none of it is forgotten.
    private struct Seen {
        var requests = 0
        var responses = 0
        var refusals = 0
        var states: Set<String> = []
    }

    private static func name(_ state: ConnectionMachine.State) -> String {
        String("\(state)".prefix { $0 != "(" })
    }

    @Test(
        "has one response for each request, writes nothing after its end, waits for nothing without a deadline, and ends",
        arguments: 0..<20 as Range<UInt64>)
    func keepsItsPromises(_ hundred: UInt64) {
        var seen = Seen()
        for number in 0..<100 as Range<UInt64> {
            var connection = SimulatedConnection(seed: hundred * 100 + number)
            for _ in 0..<200 where connection.wrongs.isEmpty {
                connection.step()
                seen.states.insert(ConnectionSimulationTests.name(connection.machine.state))
            }
            var rounds = 0
            while !connection.isOver, connection.wrongs.isEmpty, rounds < 200 {
                connection.settle()
                rounds += 1
            }
            #expect(connection.wrongs.isEmpty, "seed \(hundred * 100 + number): \(connection.wrongs)")
            #expect(connection.isOver, "seed \(hundred * 100 + number) ends in \(connection.machine.state)")
            seen.requests += connection.requests
            seen.responses += connection.responses
            seen.refusals += connection.refusals
        }
        // Nearly all of a life is in them, or they would show nothing.
        #expect(seen.responses > 50 && seen.responses <= seen.requests && seen.refusals > 3)
        #expect(seen.states.count >= 12, "\(seen.states)")
    }
}
