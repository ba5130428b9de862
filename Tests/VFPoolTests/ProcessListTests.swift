import TestSupport
import Testing

@testable import vfpool

/// Whether a vfpool still runs is yes, no, or can't be told; the last is never taken for a no.
@Suite struct ProcessListTests {
    @Test func whatCannotBeReadIsNotGone() throws {
        let proc = try TemporaryFolder()
        try PretendFiles.write("vfpool\n", proc.path + "/11/comm")
        try PretendFiles.write("bash\n", proc.path + "/12/comm")
        try PretendFiles.link(proc.path + "/13", to: "13")
        #expect(ProcessList.runsVFPool(11, proc: proc.path) == true)
        #expect(ProcessList.runsVFPool(12, proc: proc.path) == false)
        #expect(ProcessList.runsVFPool(13, proc: proc.path) == nil)
        #expect(ProcessList.runsVFPool(14, proc: proc.path) == false)
    }
}
