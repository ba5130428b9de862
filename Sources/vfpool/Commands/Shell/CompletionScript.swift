import ArgumentParser
import VFPoolCore

struct CompletionScript: Command {
    enum Shell: String, CaseIterable, ExpressibleByArgument {
        case bash, zsh, fish

        var kind: CompletionShell {
            switch self {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        }
    }

    static let configuration = CommandConfiguration(
        commandName: "completion",
        abstract: "Print a shell's completion script",
        discussion: """
            Guests, pools, ports and changes are completed from the host. `make install` puts the scripts in place.

            Examples:
              $ vfpool completion bash > /usr/share/bash-completion/completions/vfpool
              $ vfpool completion zsh > /usr/share/zsh/site-functions/_vfpool
              $ vfpool completion fish > /usr/share/fish/vendor_completions.d/vfpool.fish
            """)

    @Argument(help: "The shell.")
    var shell: Shell

    @OptionGroup(title: "Output") var output: OutputOptions

    func execute(_ output: Output) throws(Failure) -> Int32 {
        output.data(VFPool.completionScript(for: shell.kind) + "\n")
        return ExitStatus.done
    }
}
