import CraneLoop
import CraneRESP

// BRPOP: a worker that waits for a task.
extension BrokerConnection {
    func pop(_ words: [[UInt8]]) async {
        guard words.count >= 3 else { return send(.error(Self.wrongNumber("BRPOP").text)) }
        guard let seconds = Double(String(decoding: words[words.count - 1], as: UTF8.self)),
            seconds >= 0, seconds < 1e9
        else { return send(.error("ERR timeout is not a float or out of range")) }
        guard words.count <= 1024 else { return send(.error("ERR too many queues")) }
        let call: StoreCall
        do throws(CommandError) {
            guard let found = try self.call("BRPOP", words) else { return }
            call = found
        } catch {
            return send(.error(error.text))
        }
        let names = words[1..<(words.count - 1)].map { "\(database)/" + String(decoding: $0, as: UTF8.self) }
        let waiter = core.lines.enter(names)
        self.waiter = waiter
        core.tally.count { $0.waiting += 1 }
        var timer: Task<Void, Never>?
        if !core.lines.isServed(waiter), seconds > 0 {
            timer = loop.startTask { [self] in
                if (try? await loop.sleep(for: .seconds(seconds))) != nil { core.lines.end(waiter) }
            }
        }
        let answer = await firstMessage(call, waiter)
        timer?.cancel()
        self.waiter = nil
        core.tally.count { $0.waiting -= 1 }
        core.lines.leave(waiter)
        if isOpen { send(answer) }
    }

    private func firstMessage(_ call: StoreCall, _ waiter: QueueLines.Waiter) async -> RESPValue {
        while await core.lines.wait(waiter) {
            guard isOpen else { break }
            switch await core.perform([call], for: self) {
            case .values(let values):
                if let value = values.first, value != .nullArray { return value }
                // Somebody who does not stand in line has taken it.
                core.lines.missed(waiter)
            // Nothing is lost by it: the message is where it was, and the client asks again.
            case .changed, .failed: core.lines.missed(waiter)
            }
        }
        return .nullArray
    }
}
