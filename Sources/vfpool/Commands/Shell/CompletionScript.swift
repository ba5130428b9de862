import ArgumentParser
import Model

struct CompletionScript: Command {
    enum Shell: String, CaseIterable, ExpressibleByArgument {
        case bash, zsh, fish

        /// Not ArgumentParser's own: that for bash has the shell expand each candidate, and so run what a name says.
        var script: String {
            let bytes =
                switch self {
                case .bash: PackageResources.vfpool_bash
                case .zsh: PackageResources.vfpool_zsh
                case .fish: PackageResources.vfpool_fish
                }
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    static let configuration = CommandConfiguration(
        commandName: "completion",
        abstract: "Print a shell's completion script",
        discussion: """
            Guests, pools, PFs and changes are completed from the host, quoted for the shell. Names with control \
            characters are left out. `make install` puts the scripts in place.

            Examples:
              $ vfpool completion bash > /usr/share/bash-completion/completions/vfpool
              $ vfpool completion zsh > /usr/share/zsh/site-functions/_vfpool
              $ vfpool completion fish > /usr/share/fish/vendor_completions.d/vfpool.fish
            """)

    @Argument(help: "The shell.")
    var shell: Shell

    @OptionGroup(title: "Output") var output: OutputOptions

    func execute(_ output: Output) throws(Failure) -> Int32 {
        output.data(shell.script)
        return ExitStatus.done
    }
}
