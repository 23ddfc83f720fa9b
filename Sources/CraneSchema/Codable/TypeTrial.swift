/// The trial of one type: its `init(from:)` is run with several sets of made-up values, and only a type that asks the same with each
/// set is taken for learned.
struct TypeTrial<Value: Codable & Sendable> {
    private struct Run {
        let probe: ProbeDecoder
        let value: Value?

        var names: [String] { probe.questions.map(\.name) }
    }

    private let learner: TypeLearner
    private let described: (any Described.Type)?

    /// How many sets of values a type is tried with.
    private static var sets: Range<Int> { 0..<SampleJSON.texts.count }

    init(_ learner: TypeLearner, _ type: Value.Type) {
        self.learner = learner
        described = type as? any Described.Type
    }

    /// What is learned, or the mistake.
    func form() -> CodableForm<Value> {
        do {
            return try learned()
        } catch {
            return CodableForm(.unlearned, "\(Value.self) \(error.text)")
        }
    }

    private func run(_ answers: ProbeAnswers) -> Run {
        let probe = ProbeDecoder(learner, answers)
        return Run(probe: probe, value: try? Value(from: probe))
    }

    private func learned() throws(LearningMistake) -> CodableForm<Value> {
        let example = described?.anyExample.map { ValueEncoder.tree(of: $0) }
        let answers =
            (example.map { [ProbeAnswers(example: $0)] } ?? []) + Self.sets.map { ProbeAnswers(number: $0) }
        let runs = answers.map(run)
        for run in runs {
            if case .mistake(let text) = run.probe.stop {
                throw LearningMistake(text: "cannot be learned: \(text)")
            }
        }
        let questions = try united(runs, hasExample: example != nil)
        guard let base = runs.lastIndex(where: { $0.value != nil }), let value = runs[base].value else {
            throw LearningMistake(
                text: "takes none of the values that it was tried with: "
                    + (Value.self is any RawRepresentable.Type
                        ? "make it CaseIterable, or give it `static var example: Self?`"
                        : "give it `static var example: Self?`"))
        }
        let isWrapper = runs[base].probe.kind == .wrapper
        if isWrapper, Mirror(reflecting: value).displayStyle == .enum {
            throw LearningMistake(
                text: "is an enumeration that does not list its cases: make it CaseIterable")
        }
        try refuseLenient(questions, answers[base])
        let rules = try rules(questions, answers[base], value)
        let defaults = defaults(questions, runs.filter { !$0.probe.answers.hasOptionals })
        var members: [CodableMember] = []
        for question in questions { members.append(try member(question, rules, defaults[question.name])) }
        let layout = CodableLayout(members)
        return CodableForm(
            isWrapper ? .wrapper(layout) : .object(layout), name: described?.anyRules.name,
            summary: described?.anyRules.summary)
    }

    /// The questions that all runs agree on.
    private func united(_ runs: [Run], hasExample: Bool) throws(LearningMistake) -> [Question] {
        guard let longest = runs.max(by: { $0.names.count < $1.names.count }) else { return [] }
        let names = longest.names
        for run in runs {
            if case .noValue(let name) = run.probe.stop {
                guard !hasExample else { continue }
                let member = name.isEmpty ? "its value" : "its member \(name)"
                throw LearningMistake(
                    text:
                        "cannot be tried, as no value is known for \(member): give it `static var example: Self?`"
                )
            }
            guard run.names == names, run.probe.kind == longest.probe.kind else {
                throw LearningMistake(
                    text:
                        "cannot be learned: init(from:) asks for other members depending on what it is given "
                        + "(\(names) and \(run.names)): write its schema with Object")
            }
        }
        var questions = longest.probe.questions
        for index in questions.indices {
            for run in runs {
                guard let other = run.probe.questions.first(where: { $0.name == questions[index].name })
                else {
                    continue
                }
                if let known = questions[index].type, let type = other.type, known != type {
                    throw LearningMistake(
                        text:
                            "cannot be learned: init(from:) asks for \(other.name) as \(known) and as \(type)"
                    )
                }
                questions[index].type = questions[index].type ?? other.type
                if other.takesNull { questions[index].takesNull = true }
                if other.isGuarded { questions[index].isGuarded = true }
            }
        }
        return questions
    }

    /// An initialiser that goes on after a member was refused takes more than it asks for.
    private func refuseLenient(_ questions: [Question], _ answers: ProbeAnswers) throws(LearningMistake) {
        for question in questions {
            for refusal in [ProbeAnswers.Refusal.mismatch, .missing] {
                let run = run(answers.refusing(question.name, refusal))
                if run.probe.wentOn || run.probe.wasRefused && run.value != nil {
                    throw LearningMistake(
                        text: "cannot be learned: init(from:) catches what is wrong with \(question.name): "
                            + "write its schema with Object")
                }
            }
        }
    }

    /// The rules by the names of the members that they are for.
    private func rules(
        _ questions: [Question], _ answers: ProbeAnswers, _ base: Value
    ) throws(LearningMistake) -> MemberRules {
        guard let rules = described?.anyRules, !rules.isEmpty else { return MemberRules() }
        let variants = questions.map { (name: $0.name, values: self.variants(of: $0.name, answers)) }
        switch rules.members(base: base, variants: variants) {
        case .success(let found): return found
        case .failure(let mistake): throw LearningMistake(text: "has a mistake in its rules: \(mistake.text)")
        }
    }

    /// Some values that were made with another value for one member.
    private func variants(of name: String, _ answers: ProbeAnswers) -> [Any] {
        var values: [Any] = []
        for number in Self.sets.dropFirst() where values.count < 3 {
            if let value = run(answers.varying(name, number)).value { values.append(value) }
        }
        return values
    }

    /// What the initialiser puts where a member was not sent: told by encoding what was made without it, where that is always the same.
    private func defaults(_ questions: [Question], _ runs: [Run]) -> [String: JSONValue] {
        let trees = runs.compactMap(\.value).map { ValueEncoder.tree(of: $0) }
        var defaults: [String: JSONValue] = [:]
        for question in questions where question.isOptional {
            guard let value = trees.first?[question.name], !value.isNull,
                trees.allSatisfy({ $0[question.name] == value })
            else { continue }
            defaults[question.name] = value
        }
        return defaults
    }

    private func member(
        _ question: Question, _ rules: MemberRules, _ fallback: JSONValue?
    ) throws(LearningMistake) -> CodableMember {
        guard let type = question.type, let own = learner.schema(of: type) else {
            throw LearningMistake(
                text: "cannot be learned: init(from:) asks whether \(question.name) is there, and not for it")
        }
        var schema = own
        if let ruled = rules.schemas[question.name] {
            guard let fitting = ruled.fitting(ObjectIdentifier(type)) else {
                throw LearningMistake(
                    text:
                        "has a mistake in its rules: the schema for \(question.name) is not of \(type), as init(from:) asks for it"
                )
            }
            schema = fitting
        }
        let notes = rules.notes[question.name]
        return CodableMember.make(
            schema, question.takesNull ? .optional : question.isGuarded ? .guarded : .required,
            FieldNotes(name: question.name, title: notes?.title, description: notes?.summary),
            shownDefault: fallback)
    }
}

/// A schema around another, which may be taken away for a member whose form says the same.
private protocol OptionalWrapping {
    var inside: any Schema { get }
}

extension OptionalSchema: OptionalWrapping {
    fileprivate var inside: any Schema { wrapped }
}

extension Schema {
    /// The schema for values of a type: itself, what is inside it, or itself made optional or a patch.
    fileprivate func fitting(_ type: ObjectIdentifier) -> (any Schema)? {
        if ObjectIdentifier(Value.self) == type { return self }
        if ObjectIdentifier(Value?.self) == type { return OptionalSchema(self) }
        if ObjectIdentifier(Patch<Value>.self) == type { return PatchSchema(self) }
        guard let inside = (self as? any OptionalWrapping)?.inside else { return nil }
        return inside.isOf(type) ? inside : nil
    }

    private func isOf(_ type: ObjectIdentifier) -> Bool { ObjectIdentifier(Value.self) == type }
}
