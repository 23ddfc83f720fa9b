/// What a probe answers in one run.
struct ProbeAnswers {
    enum Refusal {
        case mismatch, missing
    }

    /// Which set of values.
    private let number: Int
    /// A value that the type takes, as a tree.
    private let example: JSONValue?
    private var varied: (name: String, number: Int)?
    private var refused: (name: String, refusal: Refusal)?

    init(number: Int) {
        self.number = number
        example = nil
    }

    init(example: JSONValue) {
        number = 0
        self.example = example
    }

    /// Whether members are there that need not be.
    var hasOptionals: Bool { example != nil || number / 2 % 2 == 1 }

    /// The same but for one member.
    func varying(_ name: String, _ number: Int) -> ProbeAnswers {
        var copy = self
        copy.varied = (name, number)
        return copy
    }

    /// The same, in which one member is refused.
    func refusing(_ name: String, _ refusal: Refusal) -> ProbeAnswers {
        var copy = self
        copy.refused = (name, refusal)
        return copy
    }

    /// How a member is refused, if it is.
    func refusal(of name: String) -> DecodingError? {
        guard let refused, refused.name == name else { return nil }
        switch refused.refusal {
        case .mismatch:
            return .typeMismatch(
                String.self, .init(codingPath: [], debugDescription: "refused to see what follows"))
        case .missing:
            return .keyNotFound(
                ProbeKey(stringValue: name),
                .init(codingPath: [], debugDescription: "refused to see what follows"))
        }
    }

    func isPresent(_ name: String) -> Bool {
        if varied?.name == name { return true }
        if let example { return name.isEmpty ? !example.isNull : example[name] != nil }
        return hasOptionals
    }

    /// What may be read for a member at a place, the first that its schema takes; nothing where no value is known.
    func inputs(_ name: String, _ description: SchemaDescription, _ place: Int) -> [JSONValue] {
        if let varied, varied.name == name {
            return samples(from: varied.number).compactMap {
                SampleJSON(description, number: $0, place: 0, isFilled: true).value
            }
        }
        if let example { return (name.isEmpty ? example : example[name]).map { [$0] } ?? [] }
        // Numbers rise from member to member in every other run, and fall in the rest: some types compare theirs.
        return samples(from: number).compactMap {
            SampleJSON(description, number: $0, place: place, isFilled: false).value
        }
    }

    /// All numbers of samples, a given one first.
    private func samples(from first: Int) -> LazyMapSequence<Range<Int>, Int> {
        let count = SampleJSON.texts.count
        return (0..<count).lazy.map { (first + $0) % count }
    }
}

/// A key of any name.
struct ProbeKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) {
        self.stringValue = stringValue
    }

    init?(intValue: Int) { nil }
}
