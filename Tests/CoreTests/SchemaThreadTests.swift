import Libvirt
import Model
import TestSupport
import Testing
import Text

@testable import Planning

/// Many guests' documents are validated at once, by a grammar that the first of them loads.
@Suite struct SchemaThreadTests {
    @Test(.enabled(if: Grammars.areAvailable, "no grammar files")) func `every verdict is that of one alone`() throws {
        let host = try PretendHost.pooled(vfs: 48) { host in
            for index in 0..<48 { try host.addGuest("vm\(index)", [.pin("eth3", index)]) }
        }
        for _ in 0..<8 {
            let migration = try host.migration()
            #expect(migration.leftOut.isEmpty, "\(migration.leftOut)")
            #expect(migration.rows.count == 48)
        }
    }
}
