import ArgumentParser
import Model

/// Options that say where what is printed goes, and how.
protocol OutputChoice {
    var output: Output { get }
}

/// A command of vfpool: its failures have a code, a sentence and hints, and decide how the process ends.
protocol Command: ParsableCommand {
    associatedtype Choice: OutputChoice

    var output: Choice { get }

    /// - Returns: the exit status.
    func execute(_ output: Output) throws(Failure) -> Int32
}

extension Command {
    func run() throws {
        let output = output.output
        let status: Int32
        do throws(Failure) {
            status = try execute(output)
            try output.flush()
        } catch {
            output.show(error)
            throw ExitCode(error.exitStatus)
        }
        if status != ExitStatus.done { throw ExitCode(status) }
    }
}
