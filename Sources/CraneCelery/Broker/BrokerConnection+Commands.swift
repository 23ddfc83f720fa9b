import CraneLoop
import CraneRESP
import Logging

// What a client can ask for: what touches the keys is in `StoreCommand`, the rest here.
extension BrokerConnection {
    /// Does one command and answers it.
    func perform(_ words: [[UInt8]]) async {
        let name = String(decoding: words[0].prefix(32), as: UTF8.self).uppercased()
        guard isAuthenticated || ["AUTH", "HELLO", "QUIT"].contains(name) else {
            return send(.error("NOAUTH Authentication required."))
        }
        if version == .two, !channels.isEmpty || !patterns.isEmpty, !Self.whileSubscribed.contains(name) {
            return send(
                .error(
                    "ERR Can't execute '\(name.lowercased())': only (P)SUBSCRIBE / (P)UNSUBSCRIBE / PING / QUIT are allowed"
                ))
        }
        switch name {
        case "MULTI":
            if transaction != nil { return send(.error("ERR MULTI calls can not be nested")) }
            transaction = BrokerTransaction()
            send(.ok)
        case "DISCARD":
            guard transaction != nil else { return send(.error("ERR DISCARD without MULTI")) }
            transaction = nil
            unwatch()
            send(.ok)
        case "EXEC": await execute()
        case "WATCH": watch(words)
        case "QUIT":
            send(.ok)
            end()
        default:
            if transaction != nil { return enqueue(name, words) }
            await performAlone(name, words)
        }
    }

    private static let whileSubscribed: Set<String> = [
        "SUBSCRIBE", "PSUBSCRIBE", "UNSUBSCRIBE", "PUNSUBSCRIBE", "PING", "QUIT",
    ]

    private func performAlone(_ name: String, _ words: [[UInt8]]) async {
        if name == "BRPOP" { return await pop(words) }
        do throws(CommandError) {
            if Self.subscriptions.contains(name) { return try subscribe(name, words) }
            guard let call = try call(name, words) else { return send(try ownAnswer(name, words)) }
            switch await core.perform([call], for: self) {
            case .values(let values): for value in values { send(value) }
            case .changed: break
            case .failed(let reason): send(.error(reason))
            }
        } catch {
            send(.error(error.text))
        }
    }

    /// The command on keys that this is; `nil` for another.
    func call(_ name: String, _ words: [[UInt8]]) throws(CommandError) -> StoreCall? {
        guard let command = StoreCommand.all[name] else { return nil }
        guard command.words.contains(words.count) else { throw Self.wrongNumber(name) }
        var call = StoreCall(command: command, words: words, version: version)
        switch name {
        case "LPUSH", "RPUSH": call.messages = words.dropFirst(2).map { NewMessage($0) }
        case "EVALSHA":
            call.script = core.scripts[String(decoding: words[1].prefix(64), as: UTF8.self).lowercased()]
        default: break
        }
        return call
    }

    static func wrongNumber(_ name: String) -> CommandError {
        CommandError("ERR wrong number of arguments for '\(name.lowercased())' command")
    }
}
