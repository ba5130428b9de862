import CFuzzer
import FuzzTargets
import Glibc
import TestSupport

/// Runs the target that `VFPOOL_FUZZ_TARGET` names on inputs, those that libFuzzer keeps and their mutations; its options are the words.
@main enum Driver {
    private static let name = getenv("VFPOOL_FUZZ_TARGET").map { String(cString: $0) } ?? ""

    /// libFuzzer has one thread.
    nonisolated(unsafe) private static var target: any FuzzTarget = Nothing()
    nonisolated(unsafe) private static var count = Count()

    static func main() {
        guard let target = FuzzTargets.target(name) else {
            fatalError("no target \(name): VFPOOL_FUZZ_TARGET names one of \(FuzzTargets.names)")
        }
        Self.target = target
        atexit { Driver.count.report() }
        var count = CommandLine.argc
        var words: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
        exit(LLVMFuzzerRunDriver(&count, &words) { data, size in testOneInput(data, size) })
    }

    fileprivate static func run(_ input: UnsafeBufferPointer<UInt8>) -> CInt {
        do {
            let isAccepted = try target.run(Array(input))
            count.add(isAccepted)
            // What is made of a refused input is mostly refused as well: it is not kept to be mutated.
            return isAccepted ? 0 : -1
        } catch {
            fatalError("\(name): \(error)")
        }
    }

    fileprivate static func mutate(_ data: UnsafeMutableBufferPointer<UInt8>, _ size: Int, _ seed: UInt32) -> Int {
        var generator = SeededGenerator(seed: UInt64(seed))
        let output = target.mutated(Array(data.prefix(size)), &generator).prefix(data.count)
        for (index, byte) in output.enumerated() { data[index] = byte }
        return output.count
    }
}

/// Before there is a target.
private struct Nothing: FuzzTarget {
    func run(_ input: [UInt8]) -> Bool { false }
    func mutated(_ input: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] { input }
}

/// How many inputs there were, and how many of them were accepted.
private struct Count {
    private var inputs = 0
    private var accepted = 0

    mutating func add(_ isAccepted: Bool) {
        inputs += 1
        if isAccepted { accepted += 1 }
    }

    /// Written when libFuzzer ends.
    func report() {
        let share = inputs > 0 ? accepted * 100 / inputs : 0
        let text = "accepted: \(accepted) of \(inputs) inputs (\(share) %)\n"
        write(STDERR_FILENO, text, text.utf8.count)
    }
}

// libFuzzer knows both by these names.

@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    Driver.run(UnsafeBufferPointer(start: data, count: size))
}

@_cdecl("LLVMFuzzerCustomMutator")
func customMutator(_ data: UnsafeMutablePointer<UInt8>?, _ size: Int, _ limit: Int, _ seed: CUnsignedInt) -> Int {
    Driver.mutate(UnsafeMutableBufferPointer(start: data, count: limit), size, seed)
}
