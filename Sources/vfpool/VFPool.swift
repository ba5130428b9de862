import ArgumentParser
import Glibc
import Model
import Planning
import Reading
import Spec
import Text

@main
struct VFPool: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vfpool",
        abstract: "Share an SR-IOV PF between guests through a libvirt pool",
        discussion: """
            A pool is a libvirt network that hands a PF's virtual functions (VFs) to guests, any free one to each, \
            while every guest keeps its MAC. vfpool makes pools, moves guests' interfaces to them, and shows who has \
            which VF. Every change is first shown as a plan with a diff, is journalled, and can be undone.

            Examples:
              $ vfpool create eth3
              $ vfpool bind vm1
              $ vfpool status
              $ vfpool undo

            Topics: `vfpool help TOPIC`, which is exit-status, environment, hosts, json, spec, codes, or a code.
            """,
        version: version,
        groupedSubcommands: [
            CommandGroup(
                name: "Pool", subcommands: [Create.self, SetSettings.self, Delete.self, List.self, Status.self]),
            CommandGroup(name: "Guest", subcommands: [Bind.self, Unbind.self, Migrate.self, CheckMigration.self]),
            CommandGroup(
                name: "Host",
                subcommands: [
                    Doctor.self, Resize.self, Boot.self, Reconcile.self, Hook.self, ShowPicture.self, Top.self,
                    WatchHost.self,
                    ShowMetrics.self,
                    BugReport.self,
                ]),
            CommandGroup(name: "Spec", subcommands: [Export.self, Diff.self, Apply.self, Rewrite.self]),
            CommandGroup(name: "History", subcommands: [Log.self, Undo.self]),
            CommandGroup(name: "Shell", subcommands: [CompletionScript.self]),
        ])

    static func main() {
        StandardStreams.reserve()
        FileLimit.raise()
        Interruption.ignoreWriteSignals()
        if CommandLine.arguments.dropFirst().starts(with: ["hook", "run"]) {
            Glibc.exit(HookRun.status(Array(CommandLine.arguments.dropFirst(3))))
        }
        Glibc.exit(status(CommandLineWords.normalized(Array(CommandLine.arguments.dropFirst()))))
    }

    /// Runs a command; its exit status.
    static func status(_ arguments: [String]) -> Int32 {
        let output = CommandLineError.output(arguments)
        do {
            // Asked for by scripts in a loop; there is nothing to look up.
            if arguments == ["--version"] { return try Self.print(version, output) }
            // Asked by scripts that ArgumentParser writes: that for bash runs what it is told.
            if arguments.first == "---completion" { return ExitStatus.done }
            if arguments.first == CompletionRequest.command {
                output.data(CompletionRequest.answer(Array(arguments.dropFirst())))
                try output.flush()
                return ExitStatus.done
            }
            // For making the man pages.
            if arguments.starts(with: ["help", "man"]) {
                return try Self.print(ManPage.page(Array(arguments.dropFirst(2))), output)
            }
            if arguments == ["help", "spec", "--schema"] { return try Self.print(SpecSchema.text, output) }
            if arguments.first == "help", arguments.count == 2, !arguments[1].hasPrefix(bytes: "-") {
                if let text = Topic.text(arguments[1]) { return try Self.print(text, output) }
                if let failure = CommandLineError.unknown(arguments[1]) { throw failure }
            }
            var command = try parseAsRoot(arguments)
            try command.run()
            return ExitStatus.done
        } catch let code as ExitCode {
            return code.rawValue
        } catch let failure as Failure {
            output.show(failure)
            return failure.exitStatus
        } catch {
            return ending(error, arguments, output)
        }
    }

    /// Help, a version, a script, or a refusal: what ArgumentParser throws.
    private static func ending(_ error: any Error, _ arguments: [String], _ output: Output) -> Int32 {
        guard exitCode(for: error) == .success else {
            output.show(CommandLineError.failure(error, arguments))
            return ExitStatus.usage
        }
        do throws(Failure) {
            return try print(fullMessage(for: error), output)
        } catch {
            output.show(error)
            return error.exitStatus
        }
    }

    private static func print(_ text: String, _ output: Output) throws(Failure) -> Int32 {
        output.data(text.hasSuffix(bytes: "\n") ? text : text + "\n")
        try output.flush()
        return ExitStatus.done
    }
}
