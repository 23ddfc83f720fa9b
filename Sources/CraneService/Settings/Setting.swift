/// One setting: its name in the environment, what it expects, and where its value goes.
public struct Setting<Settings>: Sendable {
    public let name: String
    private let words: @Sendable () -> String
    /// Puts the value in its place; `false` when it is malformed.
    let apply: @Sendable (String, inout Settings) -> Bool
    /// Its value in words, to see whether it has changed.
    let text: @Sendable (Settings) -> String
    /// How its value may be written.
    private let guesses: @Sendable (Settings) -> [String]
    /// Takes its value from other settings.
    let copy: @Sendable (Settings, inout Settings) -> Void
    /// Whether a running service can change it.
    public let isReloadable: Bool

    /// What a value looks like, as the error line says it.
    var expected: String { words() }

    /// Key paths and words are made when they are asked for: a start has few of its settings given.
    ///
    /// - Parameters:
    ///   - name: in the environment, prefix included.
    ///   - field: where the value goes.
    ///   - expected: what a value looks like, behind the words "expected".
    ///   - isReloadable: whether the application that ``Service/app(for:in:)`` makes anew at a reload goes by its new value.
    ///   - parse: the value of a text, `nil` when it is malformed; ``SettingText`` has the usual ones.
    public init<Value>(
        _ name: String,
        _ field: @autoclosure @escaping @Sendable () -> any WritableKeyPath<Settings, Value> & Sendable,
        _ expected: @autoclosure @escaping @Sendable () -> String, isReloadable: Bool = false,
        _ parse: @escaping @Sendable (String) -> Value?
    ) {
        self.name = name
        words = expected
        self.isReloadable = isReloadable
        text = { String(describing: $0[keyPath: field()]) }
        guesses = { SettingSpelling.guesses(of: $0[keyPath: field()]) }
        copy = { $1[keyPath: field()] = $0[keyPath: field()] }
        apply = { text, settings in
            guard let value = parse(text) else { return false }
            settings[keyPath: field()] = value
            return true
        }
    }
}

extension Setting where Settings: ServiceSettings {
    /// The value that these settings have for it, as an operator would write it; `nil` where no text gives that value.
    func spelling(in settings: Settings) -> String? {
        guesses(settings).first { guess in
            var copy = settings
            return apply(guess, &copy) && text(copy) == text(settings)
        }
    }

    /// The setting with its default, for a list.
    var line: String {
        let usual = spelling(in: Settings()).map { $0.isEmpty ? "; empty unless set" : "; default \($0)" }
        return expected + (usual ?? "")
    }

    /// One of every service's, as a service with this prefix has it.
    init(_ base: Setting<ServerSettings>, prefix: String) {
        name = prefix + base.name
        words = base.words
        isReloadable = base.isReloadable
        text = { base.text($0.server) }
        guesses = { base.guesses($0.server) }
        copy = { base.copy($0.server, &$1.server) }
        apply = { base.apply($0, &$1.server) }
    }
}
