import CraneRESP
import Logging

// What needs no keys: greeting, password, scripts, facts.
extension BrokerConnection {
    static let own: Set<String> = [
        "PING", "HELLO", "AUTH", "SELECT", "CLIENT", "INFO", "SCRIPT", "PUBLISH", "UNWATCH",
    ]

    func ownAnswer(_ name: String, _ words: [[UInt8]]) throws(CommandError) -> RESPValue {
        switch name {
        case "PING": return ping(words)
        case "HELLO": return try hello(words)
        case "AUTH":
            guard (2...3).contains(words.count) else { throw Self.wrongNumber(name) }
            try authenticate(user: words.count == 3 ? words[1] : nil, words[words.count - 1])
            return .ok
        case "SELECT":
            guard words.count == 2 else { throw Self.wrongNumber(name) }
            guard let number = Int(String(decoding: words[1], as: UTF8.self)), (0..<16).contains(number)
            else {
                throw CommandError("ERR DB index is out of range")
            }
            database = number
            return .ok
        case "CLIENT": return try client(words)
        case "INFO": return .bulk(information)
        case "SCRIPT": return try script(words)
        case "PUBLISH":
            guard words.count == 3 else { throw Self.wrongNumber(name) }
            return .integer(core.channels.publish(words[2], on: words[1]))
        case "UNWATCH":
            unwatch()
            return .ok
        default: throw unknown(name)
        }
    }

    func unknown(_ name: String) -> CommandError {
        let shown = String(name.unicodeScalars.filter { (0x21..<0x7F).contains($0.value) && $0 != "'" })
        core.tellUnknown("command", shown, of: self)
        return CommandError("ERR unknown command '\(shown)': this broker knows what Celery sends")
    }

    private func ping(_ words: [[UInt8]]) -> RESPValue {
        let isSubscribed = version == .two && !(channels.isEmpty && patterns.isEmpty)
        if isSubscribed { return .array([.bulk("pong"), .bulk(words.count > 1 ? words[1] : [])]) }
        return words.count > 1 ? .bulk(words[1]) : .simple("PONG")
    }

    private func hello(_ words: [[UInt8]]) throws(CommandError) -> RESPValue {
        var rest = words.dropFirst()
        var wanted = version
        if let word = rest.popFirst() {
            guard let number = Int(String(decoding: word, as: UTF8.self)),
                let known = RESPVersion(rawValue: number)
            else { throw CommandError("NOPROTO unsupported protocol version") }
            wanted = known
        }
        while let option = rest.popFirst() {
            switch String(decoding: option, as: UTF8.self).uppercased() {
            case "AUTH":
                guard let user = rest.popFirst(), let password = rest.popFirst() else {
                    throw CommandError.syntax
                }
                try authenticate(user: user, password)
            case "SETNAME":
                guard rest.popFirst() != nil else { throw CommandError.syntax }
            default: throw CommandError.syntax
            }
        }
        guard isAuthenticated else {
            throw CommandError("NOAUTH HELLO must be called with the client already authenticated")
        }
        speak(wanted)
        return .map([
            .bulk("server"), .bulk("redis"), .bulk("version"), .bulk(Self.redisVersion), .bulk("proto"),
            .integer(wanted.rawValue), .bulk("id"), .integer(id), .bulk("mode"), .bulk("standalone"),
            .bulk("role"), .bulk("master"), .bulk("modules"), .array([]),
        ])
    }

    /// The Redis whose answers these are.
    private static let redisVersion = "7.0.0"

    private func authenticate(user: [UInt8]?, _ word: [UInt8]) throws(CommandError) {
        guard let password = core.configuration.password else {
            throw CommandError(
                "ERR AUTH <password> called without any password configured for the default user")
        }
        let known = Array(password.utf8)
        // As long for a wrong one as for the right one.
        var difference = UInt8(word.count == known.count ? 0 : 1)
        for (index, byte) in known.enumerated() {
            difference |= byte ^ (index < word.count ? word[index] : 0)
        }
        guard difference == 0, user.map({ $0.elementsEqual("default".utf8) }) ?? true else {
            core.logger.warning(
                "a client of the broker said a wrong password", metadata: ["client": "\(peerDescription)"])
            end()
            throw CommandError("WRONGPASS invalid username-password pair or user is disabled.")
        }
        isAuthenticated = true
    }

    private func client(_ words: [[UInt8]]) throws(CommandError) -> RESPValue {
        guard words.count > 1 else { throw Self.wrongNumber("CLIENT") }
        switch String(decoding: words[1], as: UTF8.self).uppercased() {
        case "SETINFO", "SETNAME": return .ok
        case "ID": return .integer(id)
        default:
            throw CommandError(
                "ERR unknown subcommand '\(String(decoding: words[1].prefix(32), as: UTF8.self))'")
        }
    }

    private func script(_ words: [[UInt8]]) throws(CommandError) -> RESPValue {
        guard words.count > 1 else { throw Self.wrongNumber("SCRIPT") }
        switch String(decoding: words[1], as: UTF8.self).uppercased() {
        case "EXISTS":
            return .array(
                words.dropFirst(2).map {
                    .integer(core.scripts[String(decoding: $0, as: UTF8.self).lowercased()] == nil ? 0 : 1)
                })
        case "LOAD":
            guard words.count == 3, words[2].count <= 32 << 10 else { throw Self.wrongNumber("SCRIPT LOAD") }
            let digest = BrokerScript.digest(words[2])
            guard let script = BrokerScript(text: words[2]) else {
                core.tellUnknown("script", digest, of: self)
                throw CommandError("ERR this broker knows no such script (\(digest))")
            }
            core.scripts[digest] = script
            return .bulk(digest)
        default: throw CommandError("ERR unknown subcommand of SCRIPT")
        }
    }

    private var information: String {
        let counters = core.tally.counters
        return [
            "# Server", "redis_version:\(Self.redisVersion)", "redis_mode:standalone", "# Clients",
            "connected_clients:\(counters.connections)", "# Stats", "celery_messages:\(counters.messages)",
            "celery_messages_taken:\(counters.taken)", "",
        ].joined(separator: "\r\n")
    }
}
