import ArgumentParser

@main
struct VFPool: ParsableCommand {
    static let configuration = CommandConfiguration(version: "0.1.0")
}
