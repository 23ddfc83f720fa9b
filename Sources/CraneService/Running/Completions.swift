/// The words of a command line, as scripts by which shells complete them.
struct Completions {
    enum Shell: String, CaseIterable {
        case bash, zsh, fish
    }

    let command: String
    let words: [String]
    let flags: [String]

    /// The script, to be read by the shell at its start.
    func script(for shell: Shell) -> String {
        let function = "_" + command.map { $0.isLetter || $0.isNumber ? $0 : "_" }
        switch shell {
        case .bash:
            return """
                \(function)() {
                    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}
                    if [[ $before == completions ]]; then
                        COMPREPLY=($(compgen -W '\(shells)' -- "$word"))
                    elif [[ $COMP_CWORD -eq 1 && $word != -* ]]; then
                        COMPREPLY=($(compgen -W '\(words.joined(separator: " "))' -- "$word"))
                    elif [[ $word == -* ]]; then
                        COMPREPLY=($(compgen -W '\(flags.joined(separator: " "))' -- "$word"))
                    else
                        COMPREPLY=($(compgen -f -- "$word"))
                    fi
                }
                complete -F \(function) \(command)
                """
        case .zsh:
            return """
                #compdef \(command)
                \(function)() {
                    if [[ $words[CURRENT-1] == completions ]]; then
                        compadd -- \(shells)
                    elif (( CURRENT == 2 )) && [[ $PREFIX != -* ]]; then
                        compadd -- \(words.joined(separator: " "))
                    elif [[ $PREFIX == -* ]]; then
                        compadd -- \(flags.joined(separator: " "))
                    else
                        _files
                    fi
                }
                compdef \(function) \(command)
                """
        case .fish:
            let long = flags.map { "complete -c \(command) -r -l \($0.dropFirst(2))" }
            return """
                complete -c \(command) -n __fish_use_subcommand -f -a '\(words.joined(separator: " "))'
                complete -c \(command) -n '__fish_seen_subcommand_from completions' -f -a '\(shells)'
                \(long.joined(separator: "\n"))
                """
        }
    }

    private var shells: String { Shell.allCases.map(\.rawValue).joined(separator: " ") }
}
