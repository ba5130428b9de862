import ArgumentParser

/// How a picture is printed.
enum PictureFormat: String, CaseIterable, ExpressibleByArgument, Sendable {
    case text, svg, html
}

/// Options of what is drawn, where others print tables.
struct PictureOptions: ParsableArguments, OutputChoice {
    @Option(name: .long, help: "How to draw; else as the file's name ends, else as text.")
    var format: PictureFormat?

    @Flag(name: .shortAndLong, help: "Tell on stderr of each step.")
    var verbose = false

    @Option(name: .long, help: "Colours of text; auto means on a terminal, unless NO_COLOR is set.")
    var color: Style.Choice = .auto

    var output: Output { Output(.table, quiet: false, verbose: verbose, color: color) }
}
