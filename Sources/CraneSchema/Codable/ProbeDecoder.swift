/// One member that an initialiser asked for.
struct Question {
    let name: String
    /// The type it was asked for as; nil while it was only asked whether it is there.
    var type: (any Decodable.Type)?
    /// Whether it was asked for by `decodeIfPresent` or whether it is null.
    var takesNull = false
    /// Whether it was asked whether it is there.
    var isGuarded = false

    var isOptional: Bool { takesNull || isGuarded }
}

/// Why an initialiser got no value while it was tried.
enum ProbeStop: Error {
    /// There is no value of the type to try it with.
    case noValue(String)
    /// What cannot be learned.
    case mistake(String)
}

/// A decoder that notes what `init(from:)` asks for and answers with made-up values.
final class ProbeDecoder: Decoder {
    enum Kind {
        case nothing, object, wrapper
    }

    let learner: TypeLearner
    let answers: ProbeAnswers
    private(set) var kind = Kind.nothing
    private(set) var questions: [Question] = []
    /// What cannot be learned, though the initialiser may go on.
    private(set) var stop: ProbeStop?
    /// Whether a member was refused, and whether the initialiser asked for more after that.
    private(set) var wasRefused = false
    private(set) var wentOn = false

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    init(_ learner: TypeLearner, _ answers: ProbeAnswers) {
        self.learner = learner
        self.answers = answers
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
        kind = .object
        return KeyedDecodingContainer(ProbeContainer<Key>(probe: self))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        throw halt("init(from:) asks for a list without keys")
    }

    func singleValueContainer() -> any SingleValueDecodingContainer {
        if kind == .nothing { kind = .wrapper }
        return ProbeValue(probe: self)
    }

    /// Notes what cannot be learned.
    func halt(_ mistake: String) -> ProbeStop {
        let stop = ProbeStop.mistake(mistake)
        if self.stop == nil { self.stop = stop }
        return stop
    }

    /// Notes a question; gives its place.
    private func note(_ name: String, _ change: (inout Question) -> Void) -> Int {
        if wasRefused { wentOn = true }
        if let known = questions.firstIndex(where: { $0.name == name }) {
            change(&questions[known])
            return known
        }
        var question = Question(name: name)
        change(&question)
        questions.append(question)
        return questions.count - 1
    }

    /// The made-up value of a member.
    func value<Value: Decodable>(_ type: Value.Type, of name: String) throws -> Value {
        let place = note(name) { question in
            if let known = question.type, known != type {
                _ = halt("init(from:) asks for \(name) as \(known) and as \(type)")
            }
            question.type = type
        }
        try refuse(name)
        guard let schema = learner.schema(of: type) else {
            throw halt("\(named(name))\(learner.mistakes[ObjectIdentifier(type)] ?? "\(type) has no schema")")
        }
        let description = learner.description(of: type, schema)
        if let mistake = description.mistake { throw halt("\(named(name))\(mistake)") }
        for input in answers.inputs(name, description, place) {
            var validation = Validation(at: [])
            if let value = TypeLearner.value(of: input, schema, &validation) as? Value { return value }
        }
        throw noValue(name)
    }

    private func refuse(_ name: String) throws {
        guard let error = answers.refusal(of: name) else { return }
        wasRefused = true
        throw error
    }

    private func named(_ name: String) -> String { name.isEmpty ? "" : "\(name): " }

    private func noValue(_ name: String) -> ProbeStop {
        let stop = ProbeStop.noValue(name)
        if self.stop == nil { self.stop = stop }
        return stop
    }

    /// The made-up value of a member that need not be there.
    func optional<Value: Decodable>(_ type: Value.Type, of name: String) throws -> Value? {
        _ = note(name) {
            $0.takesNull = true
            $0.type = type
        }
        try refuse(name)
        return answers.isPresent(name) ? try value(type, of: name) : nil
    }

    /// Whether a member is said to be there.
    func contains(_ name: String) -> Bool {
        _ = note(name) { $0.isGuarded = true }
        return answers.isPresent(name)
    }

    func isNull(_ name: String) -> Bool {
        _ = note(name) { $0.takesNull = true }
        return !answers.isPresent(name)
    }
}

/// The one value that a wrapper asks for.
struct ProbeValue: SingleValueDecodingContainer {
    let probe: ProbeDecoder

    var codingPath: [any CodingKey] { [] }

    func decodeNil() -> Bool { probe.isNull("") }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try probe.value(type, of: "") }
}
