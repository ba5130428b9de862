/// What a child process runs.
package enum ChildProgram: Sendable {
    /// A program's file, with an environment of its own.
    case file(String, environment: [String])
    /// This process's own code, in a copy of this process (fork), which need not load again what is loaded here. It gets a command's words
    /// and gives the exit status. This process may have no other thread then: only the calling one is copied.
    case own(@Sendable ([String]) -> Int32)
}
