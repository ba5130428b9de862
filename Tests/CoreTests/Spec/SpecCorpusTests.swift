import Model
import Planning
import SRIOV
import Spec
import TestSupport
import Testing
import Text
import XML

/// libvirt's own documents: a host that has them differs in nothing from what it exports.
@Suite(.enabled(if: Corpus.isThere, "the corpus is not there: run Tests/Corpus/fetch")) struct SpecCorpusTests {
    /// Every network of a guest's is a pool.
    @Test func `export and diff agree on every guest`() throws {
        var count = 0
        var interfaces = 0
        for sample in CorpusGuest.all() {
            // Of the others there is nothing to say.
            guard
                try !sample.document.select(
                    "/domain/devices/*[self::interface[@type='network' or @type='hostdev'] or self::hostdev[@type='pci']]"
                ).isEmpty
            else {
                continue
            }
            let functions = try sample.document.select(
                "/domain/devices/hostdev | /domain/devices/interface/source/address"
            )
            .compactMap { GuestReader.pinnedFunction($0) ?? GuestReader.pciAddress($0) }
            var host = try CorpusHost(sample, Array(Set(functions)).sorted())
            let migrated = try? host.migration(PretendHost.request(["guest"], drop: ["virtualport"]))
            if let migrated { host = try host.after(migrated) }
            let names = Set(host.guest.interfaces.compactMap(\.attachment.networkName))
            for (number, name) in names.sorted().enumerated() where host.state.network(name) == nil {
                host.state.networks.append(try Self.pool(name, number))
            }
            #expect(try host.state.exportedDifferences() == [], "\(sample.path)")
            let spec = try HostExport.spec(host.state, boot: nil, names: [], isFull: false)
            interfaces += spec.guests.flatMap(\.interfaces).count
            count += 1
        }
        #expect(count > 60 && interfaces > 60, "\(count) guests, \(interfaces) interfaces")
    }

    @Test func `export and diff agree on every network`() throws {
        var count = 0
        for path in Corpus.documents() {
            guard let text = Corpus.read(path), let document = try? Document(parsing: text),
                document.root.name == "network"
            else { continue }
            var host = try CorpusHost(Self.anyone(), [])
            let name = Name(document.root.first("name")?.text ?? "")
            guard !name.isEmpty else { continue }
            var network = NetworkState(
                name: name, uuid: document.root.first("uuid")?.text ?? PretendHost.poolUUID, isActive: false,
                isPersistent: true, autostart: false, inactiveXML: text)
            network.configuration = NetworkReader.configuration(in: document)
            network.settings = NetworkReader.settings(in: document)
            host.state.networks = [network]
            #expect(try host.state.exportedDifferences() == [], "\(path)")
            if network.isPool { count += 1 }
        }
        #expect(count > 3, "\(count) pools")
    }

    private static func anyone() throws -> CorpusGuest { try #require(CorpusGuest.all().first) }

    private static func pool(_ name: Name, _ number: Int) throws -> NetworkState {
        let document = try Document(
            parsing: "<network><name/><forward mode='hostdev' managed='yes'><pf dev='eth9'/></forward></network>")
        document.root.first("name")?.text = name.string
        var pool = NetworkState(
            name: name, uuid: "\(PretendHost.poolUUID.dropLast(2))\(number + 10)", isActive: false, isPersistent: true,
            autostart: true, inactiveXML: document.serialized())
        pool.configuration = NetworkReader.configuration(in: document)
        return pool
    }
}
