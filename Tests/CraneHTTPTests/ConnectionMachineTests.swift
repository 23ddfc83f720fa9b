import Testing

@testable import CraneHTTP

@Suite("A connection's machine")
struct ConnectionMachineTests {
    @Test(
        "does to each event what is to be done",
        arguments: ConnectionScript.all)
    func follows(_ script: ConnectionScript) {
        var machine = ConnectionMachine()
        for (number, line) in script.lines.enumerated() {
            let moment = ConnectionMoment(
                now: line.time, isDraining: line.isDraining, holdsInput: line.holdsInput)
            let actions = machine.on(line.event, at: moment, ConnectionTerms())
            let place = Comment(rawValue: "\(script), line \(number + 1): \(line.event)")
            #expect(actions.steps == line.steps, place)
            #expect(machine.state == line.state, place)
            let deadline = line.deadline.map { $0 == .max ? .max : line.time + $0 }
            #expect(actions.deadline == deadline ?? 0, place)
        }
    }

    @Test("a share of a turn ends by its requests or by its time, whichever comes first")
    func share() {
        var (share, ends) = (TurnShare(), [Bool]())
        for _ in 0..<TurnShare.requestBound {
            share.add(1, of: 1000)
            ends.append(share.isUsedUp)
        }
        #expect(ends.firstIndex(of: true) == TurnShare.requestBound - 1)
        (share, ends) = (TurnShare(), [])
        for held in [999, 1] as [UInt64] {
            share.add(held, of: 1000)
            ends.append(share.isUsedUp)
        }
        #expect(ends == [false, true])
        #expect(share.held == 1000 && share.requests == 2 && share.last == 1)
    }
}
