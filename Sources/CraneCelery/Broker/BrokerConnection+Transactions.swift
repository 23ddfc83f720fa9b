import CraneRESP

/// The commands between `MULTI` and `EXEC`.
struct BrokerTransaction {
    enum Step {
        case store(StoreCall)
        /// One that the connection answers itself.
        case own(String, [[UInt8]])
    }

    var steps: [Step] = []
    /// Whether a command was refused: nothing is done then.
    var isBroken = false
}

// MULTI, EXEC and WATCH.
extension BrokerConnection {
    func enqueue(_ name: String, _ words: [[UInt8]]) {
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

    func execute() async {
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

    func watch(_ words: [[UInt8]]) {
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
}
