import Model
import Reporting

// How Core's report becomes the shapes of `Schema`.

extension Schema.ListEnvelope {
    init(_ report: Report) {
        uri = report.uri
        pools = report.pools.map { Schema.Pool($0, withFunctions: false) }
    }
}

extension Schema.StatusEnvelope {
    init(_ report: Report) {
        uri = report.uri
        pools = report.pools.map { Schema.Pool($0, withFunctions: true) }
        pfs = report.pfs.map(Schema.PF.init)
        guests = report.guests.map(Schema.Guest.init)
        findings = report.findings.map(Schema.Finding.init)
    }
}

extension Schema.Pool {
    init(_ pool: PoolReport, withFunctions: Bool) {
        name = pool.name
        configuration = Schema.PoolConfiguration(
            uuid: pool.uuid, pf: pool.pf?.title, pfAddress: pool.pf?.address, pfs: pool.pfs.map(Schema.PoolPF.init),
            title: pool.titles.title, description: pool.titles.description, vlan: pool.vlan,
            driverModel: pool.driver.model, iommufd: pool.driver.iommufd,
            portgroups: pool.portgroups.map { group in
                Schema.Portgroup(
                    name: group.name, vlan: group.vlan, isDefault: group.isDefault,
                    settings: Schema.Settings(pool.wanted.portgroups[group.name] ?? WantedSettings()))
            }, settings: Schema.Settings(pool.wanted.general),
            vfs: (pool.pf ?? pool.pfs.first)?.selection, autostart: pool.autostart, managed: pool.isManaged,
            persistent: pool.isPersistent)
        unknown = pool.isCoverageKnown ? [:] : ["counts": "the pool's PF can't be seen from here"]
        status = Schema.PoolStatus(
            active: pool.isActive, counts: pool.isCoverageKnown ? Schema.Counts(pool.counts) : nil, guests: pool.guests,
            functions: withFunctions ? pool.functions.map(Schema.Function.init) : nil)
    }
}

extension Schema.Settings {
    init(_ settings: WantedSettings) {
        self.init(
            trust: settings.trust, spoofCheck: settings.spoofCheck, maxRate: settings.maxRate,
            minRate: settings.minRate, linkState: settings[.linkState], vlanQoS: settings.vlanQoS,
            vlanProtocol: settings[.vlanProtocol])
    }
}

extension Schema.Counts {
    init(_ counts: FunctionCounts) {
        total = counts.total
        free = counts.free
        taken = counts.taken
        reserved = counts.reserved
        outside = counts.outside
        host = counts.host
        later = counts.later
        unknown = counts.unknown + counts.perhapsFree
    }
}

extension Schema.Function {
    init(_ function: FunctionReport) {
        var unknown: [String: String] = [:]
        func known<Value>(_ fact: Fact<Value>, _ field: String) -> Value? {
            unknown[field] = fact.reason
            return fact.value
        }
        if function.use == .unknown { unknown["use"] = function.reason }
        let isPerhapsFree = function.use == .free && !function.isHostUseKnown
        if isPerhapsFree {
            let reason = "libvirt counts it as free, but the host's kernel can't be asked from here"
            unknown["use"] = reason
            unknown["hostUse"] = reason
        }
        self.init(
            index: function.index, address: function.address, pf: function.pf,
            use: isPerhapsFree ? VFUse.unknown.rawValue : function.use.rawValue,
            reason: function.reason, pools: function.pools, guest: function.guest, guestUUID: function.guestUUID,
            interface: function.interfaceIndex.map { Schema.Interface(index: $0, alias: function.interfaceAlias) },
            mac: known(function.mac, "mac"), actualMAC: known(function.actualMAC, "actualMAC"),
            vlan: known(function.vlan, "vlan"), driver: known(function.driver, "driver"),
            iommuGroup: known(function.iommuGroup, "iommuGroup"), numaNode: known(function.numaNode, "numaNode"),
            wantedSettings: Schema.Settings(function.wantedSettings),
            actualSettings: known(function.actualSettings, "actualSettings").map(Schema.Settings.init),
            otherHolders: function.otherHolders, unknown: [:])
        self.unknown = unknown
    }
}

extension Schema.PF {
    init(_ pf: PFReport) {
        var unknown: [String: String] = [:]
        func known<Value>(_ fact: Fact<Value>, _ field: String) -> Value? {
            unknown[field] = fact.reason
            return fact.value
        }
        name = pf.title
        address = pf.address
        configuration = Schema.PFConfiguration(
            netdev: pf.netdev, otherNetdevs: pf.otherNetdevs,
            permanentMAC: known(pf.permanentMAC, "permanentMAC"), enabledVFs: pf.enabledVFs,
            possibleVFs: known(pf.possibleVFs, "possibleVFs"), pools: pf.pools)
        status = Schema.PFStatus(
            up: known(pf.isUp, "up"), carrier: known(pf.hasCarrier, "carrier"), mac: known(pf.mac, "mac"),
            driver: known(pf.driver, "driver"), iommuGroup: known(pf.iommuGroup, "iommuGroup"),
            numaNode: known(pf.numaNode, "numaNode"), counts: Schema.Counts(pf.counts),
            functions: pf.functions.map(Schema.Function.init))
        self.unknown = unknown
    }
}

extension Schema.Guest {
    init(_ guest: GuestReport) {
        name = guest.name
        configuration = Schema.GuestConfiguration(
            uuid: guest.uuid, title: guest.titles.title, description: guest.titles.description,
            autostart: guest.autostart, persistent: guest.isPersistent)
        status = Schema.GuestStatus(
            active: guest.isActive, savedState: guest.hasSavedState, pending: !guest.pending.isEmpty)
        interfaces = guest.interfaces.map { interface in
            Schema.GuestInterface(
                index: interface.index, alias: interface.alias, mac: interface.mac, vlan: interface.vlan,
                teamed: interface.isTeamed, acpiNodes: interface.acpiNodes, pending: interface.isPending,
                configuration: interface.next.map(Schema.Connection.init),
                status: interface.live.map(Schema.Connection.init),
                unknown: interface.mac == nil ? ["mac": GuestReport.noMAC] : [:])
        }
    }
}

extension Schema.Connection {
    init(_ connection: ConnectionReport) {
        self.init(
            kind: connection.kind.rawValue, name: connection.name, portgroup: connection.portgroup,
            address: connection.address, driverModel: connection.driver?.model, iommufd: connection.driver?.iommufd)
    }
}

extension Schema.Finding {
    init(_ finding: Model.Finding) {
        self.init(
            code: finding.code.rawValue, severity: finding.severity.rawValue, message: finding.message,
            hints: finding.hints.map(\.text))
    }

    init(_ warning: Warning) {
        self.init(
            code: warning.code.rawValue, severity: "warning", message: warning.message, hints: warning.hints.map(\.text)
        )
    }
}
