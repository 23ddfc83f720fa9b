import ArgumentParser
import CraneService

/// `livetalk completions SHELL`: what a shell completes the command's lines by.
struct CompletionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completions",
        abstract: "Print a shell's script that completes subcommands and flags.",
        discussion: """
            bash: livetalk completions bash > /etc/bash_completion.d/livetalk
            zsh: livetalk completions zsh > _livetalk, in a folder of $fpath
            fish: livetalk completions fish > ~/.config/fish/completions/livetalk.fish
            """)

    @Argument(help: "bash, zsh or fish.")
    var shell: String

    func validate() throws {
        guard CompletionShell(rawValue: shell) != nil else {
            throw ValidationError("completions are for one of bash, zsh, fish")
        }
    }

    func run() throws {
        guard let shell = CompletionShell(rawValue: shell) else { return }
        try StandardStreams.write(LiveTalkCommand.completionScript(for: shell))
    }
}
