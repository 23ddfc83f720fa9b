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
    private func call(_ name: String, _ words: [[UInt8]]) throws(CommandError) -> StoreCall? {
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

    private static func wrongNumber(_ name: String) -> CommandError {
        CommandError("ERR wrong number of arguments for '\(name.lowercased())' command")
    }

    // MARK: Transactions

    private func enqueue(_ name: String, _ words: [[UInt8]]) {
        do throws(CommandError) {
            guard transaction?.steps.count ?? 0 < core.configuration.limits.queued else {
                throw CommandError("ERR a transaction of too many commands")
            }
            guard !Self.subscriptions.contains(name) else {
                throw CommandError("ERR \(name.lowercased()) is not allowed in transactions")
            }
            if let call = try call(name, words) {
                transaction?.steps.append(.store(call))
            } else {
                guard Self.own.contains(name) else { throw unknown(name) }
                transaction?.steps.append(.own(name, words))
            }
            send(.simple("QUEUED"))
        } catch {
            transaction?.isBroken = true
            send(.error(error.text))
        }
    }

    private func execute() async {
        guard let transaction else { return send(.error("ERR EXEC without MULTI")) }
        self.transaction = nil
        let watched = watched
        defer { unwatch() }
        if transaction.isBroken {
            return send(.error("EXECABORT Transaction discarded because of previous errors."))
        }
        let calls = transaction.steps.compactMap { step in
            if case .store(let call) = step { call } else { nil }
        }
        switch await core.perform(calls, for: self, watched: watched) {
        case .changed: send(.nullArray)
        case .failed(let reason): send(.error(reason))
        case .values(let values):
            // What is published comes behind what was written.
            var rest = values[...]
            send(
                .array(
                    transaction.steps.map { step in
                        switch step {
                        case .store: return rest.popFirst() ?? .null
                        case .own(let name, let words):
                            do throws(CommandError) {
                                return try ownAnswer(name, words)
                            } catch {
                                return .error(error.text)
                            }
                        }
                    }))
        }
    }

    private func watch(_ words: [[UInt8]]) {
        guard transaction == nil else { return send(.error("ERR WATCH inside MULTI is not allowed")) }
        guard words.count > 1 else { return send(.error(Self.wrongNumber("WATCH").text)) }
        guard watched.count + words.count <= core.configuration.limits.queued else {
            return send(.error("ERR too many watched keys"))
        }
        for word in words.dropFirst() {
            let name = "\(database)/" + String(decoding: word, as: UTF8.self)
            if watched[name] == nil { watched[name] = core.watches.watch(name) }
        }
        send(.ok)
    }

    func unwatch() {
        guard !watched.isEmpty else { return }
        core.watches.unwatch(watched.keys)
        watched = [:]
    }

    // MARK: Waiting for a message

    private func pop(_ words: [[UInt8]]) async {
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

    // MARK: Channels

    private static let subscriptions: Set<String> = [
        "SUBSCRIBE", "PSUBSCRIBE", "UNSUBSCRIBE", "PUNSUBSCRIBE",
    ]

    private func subscribe(_ name: String, _ words: [[UInt8]]) throws(CommandError) {
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

    // MARK: What needs no keys

    private static let own: Set<String> = [
        "PING", "HELLO", "AUTH", "SELECT", "CLIENT", "INFO", "SCRIPT", "PUBLISH", "UNWATCH",
    ]

    private func ownAnswer(_ name: String, _ words: [[UInt8]]) throws(CommandError) -> RESPValue {
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

    private func unknown(_ name: String) -> CommandError {
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
