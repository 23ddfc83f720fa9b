import CraneRESP

// SUBSCRIBE and PSUBSCRIBE.
extension BrokerConnection {
    static let subscriptions: Set<String> = [
        "SUBSCRIBE", "PSUBSCRIBE", "UNSUBSCRIBE", "PUNSUBSCRIBE",
    ]

    func subscribe(_ name: String, _ words: [[UInt8]]) throws(CommandError) {
        let named = Array(words.dropFirst())
        let word = name.lowercased()
        switch name {
        case "SUBSCRIBE", "PSUBSCRIBE":
            guard !named.isEmpty else { throw Self.wrongNumber(name) }
            guard channels.count + patterns.count + named.count <= core.configuration.limits.subscriptions
            else {
                throw CommandError("ERR too many channels")
            }
            for channel in named {
                if name == "SUBSCRIBE" {
                    channels.insert(channel)
                    core.channels.subscribe(self, to: channel)
                } else {
                    patterns.insert(GlobPattern(channel))
                    core.channels.subscribe(self, to: GlobPattern(channel))
                }
                confirm(word, .bulk(channel))
            }
        default:
            let isPattern = name == "PUNSUBSCRIBE"
            let all = isPattern ? patterns.map(\.bytes) : Array(channels)
            for channel in named.isEmpty ? all : named {
                if isPattern {
                    patterns.remove(GlobPattern(channel))
                    core.channels.unsubscribe(self, from: GlobPattern(channel))
                } else {
                    channels.remove(channel)
                    core.channels.unsubscribe(self, from: channel)
                }
                confirm(word, .bulk(channel))
            }
            if named.isEmpty, all.isEmpty { confirm(word, .null) }
        }
    }

    private func confirm(_ word: String, _ channel: RESPValue) {
        send(.push([.bulk(word), channel, .integer(channels.count + patterns.count)]))
    }
}
