import CraneRESP

/// Who listens to which channels; loop's thread only.
final class BrokerChannels {
    private var channels: [[UInt8]: [ObjectIdentifier: BrokerConnection]] = [:]
    private var patterns: [GlobPattern: [ObjectIdentifier: BrokerConnection]] = [:]

    func subscribe(_ connection: BrokerConnection, to channel: [UInt8]) {
        channels[channel, default: [:]][ObjectIdentifier(connection)] = connection
    }

    func subscribe(_ connection: BrokerConnection, to pattern: GlobPattern) {
        patterns[pattern, default: [:]][ObjectIdentifier(connection)] = connection
    }

    func unsubscribe(_ connection: BrokerConnection, from channel: [UInt8]) {
        channels[channel]?[ObjectIdentifier(connection)] = nil
        if channels[channel]?.isEmpty == true { channels[channel] = nil }
    }

    func unsubscribe(_ connection: BrokerConnection, from pattern: GlobPattern) {
        patterns[pattern]?[ObjectIdentifier(connection)] = nil
        if patterns[pattern]?.isEmpty == true { patterns[pattern] = nil }
    }

    func leave(_ connection: BrokerConnection) {
        for channel in connection.channels { unsubscribe(connection, from: channel) }
        for pattern in connection.patterns { unsubscribe(connection, from: pattern) }
    }

    /// Sends a message to all who listen; how many they are.
    func publish(_ message: [UInt8], on channel: [UInt8]) -> Int {
        var number = 0
        for connection in (channels[channel] ?? [:]).values {
            connection.post(.push([.bulk("message"), .bulk(channel), .bulk(message)]))
            number += 1
        }
        for (pattern, listeners) in patterns where pattern.matches(channel) {
            for connection in listeners.values {
                connection.post(
                    .push([.bulk("pmessage"), .bulk(pattern.bytes), .bulk(channel), .bulk(message)]))
                number += 1
            }
        }
        return number
    }
}
