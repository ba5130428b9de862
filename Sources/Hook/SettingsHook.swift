package import Journal
package import Model
import SRIOV
import Text
import XML

/// vfpool's hook: gives a VF the settings wanted of it when a guest gets it, and takes them back afterwards.
///
/// libvirt waits for it, so it is quick, and never asks libvirt anything: that would wait for ever. libvirt calls it
/// again for every port when the daemon starts anew; then nothing is left to do. What is wanted and can't be done keeps
/// the guest from starting; what can't be taken back is only told.
package struct SettingsHook {
    private let files: DaemonFiles
    private let records: FunctionRecords
    private let tables: any FunctionTables
    /// Tells what went wrong without keeping anybody from anything.
    private let complain: (String) -> Void

    package init(
        files: DaemonFiles = DaemonFiles(), records: FunctionRecords = FunctionRecords(),
        tables: any FunctionTables = KernelTables(), complain: @escaping (String) -> Void = { _ in }
    ) {
        self.files = files
        self.records = records
        self.tables = tables
        self.complain = complain
    }

    /// - Parameter input: what libvirt said on standard input; read only where it is needed.
    /// - Throws: `Failure` to keep the guest from starting.
    package func run(_ call: HookCall, input: () throws(Failure) -> String) throws(Failure) {
        switch call {
        case .portCreated:
            records.note()
            try created(HookData(parsing: input()))
        case .portDeleted:
            do throws(Failure) {
                try deleted(HookData(parsing: input()).port)
            } catch {
                complain(Self.words(error))
            }
        case .guestStarts(let name):
            let text = try input()
            try starts(name, try readable("guest \(name)") { () throws(XMLError) in try Document(parsing: text) })
        case .other: return
        }
    }

    // MARK: A guest gets a VF

    private func created(_ data: HookData) throws(Failure) {
        let port = data.port
        // What vfpool itself keeps for others is nobody's to use.
        guard let function = port.address, !Reservation.isOurs(port) else { return }
        let old = try records.record(of: function)
        let isAgain = try files.isRunning(port.ownerName, with: port.uuid)
        do throws(Failure) {
            if isAgain, let old, old.guestUUID == port.ownerUUID, old.mac == port.mac?.description {
                // What this run of the guest was given, whatever has been said since.
                try give(old, function, old: old, withTag: true)
            } else {
                let wanted = try wanted(data)
                guard !wanted.isEmpty || old != nil else { return }
                try check(wanted, data)
                let record = FunctionRecord(
                    guestName: port.ownerName, guestUUID: port.ownerUUID, mac: port.mac?.description,
                    vlan: vlan(data), wanted: wanted, former: WantedSettings())
                try give(record, function, old: old, withTag: isAgain)
            }
        } catch {
            // Whoever runs already is not to be stopped by it.
            guard isAgain else { throw error }
            complain(Self.words(error))
        }
    }

    private func wanted(_ data: HookData) throws(Failure) -> WantedSettings {
        let port = data.port
        let network = try files.network(data.networkName, uuid: data.networkUUID) ?? data.configuration
        let own = try files.wanted(port.ownerName, uuid: port.ownerUUID, mac: port.mac)
        return own.over(network?.wanted(portgroup: port.portgroup) ?? WantedSettings())
    }

    /// The port's, as libvirt will set it.
    private func vlan(_ data: HookData) -> Int? {
        let groups = data.configuration?.portgroups ?? []
        let group = groups.first { data.port.portgroup == nil ? $0.isDefault : $0.name == data.port.portgroup }
        return data.port.vlan ?? group?.vlan ?? data.configuration?.vlan
    }

    private func check(_ wanted: WantedSettings, _ data: HookData) throws(Failure) {
        let port = data.port
        if let text = wanted.unreadable.first {
            throw Failure(
                .badSettings, "the metadata set \(text) on the VF of guest \(port.ownerName), which is no VF setting",
                hints: ["correct it: `vfpool set`, or edit the metadata"])
        }
        // libvirt sets the VLAN after this hook, without priority and protocol, and at hot-plug calls no other.
        if wanted.tagsVLAN, vlan(data) != nil, try files.isRunning(port.ownerName),
            try !files.isRunning(port.ownerName, with: port.uuid)
        {
            throw Failure(
                .settingRefused,
                "guest \(port.ownerName) runs, and a VF that is plugged in then can't have a VLAN priority or protocol",
                hints: ["libvirt would clear it; start the guest with the interface instead"])
        }
    }

    /// - Parameter withTag: whether libvirt has set the VLAN, so that the rest of its tag will last.
    private func give(
        _ record: FunctionRecord, _ function: PCIAddress, old: FunctionRecord?, withTag: Bool
    ) throws(Failure) {
        guard let place = try place(of: function) else {
            throw Failure(.noSuchVF, "VF \(function) has no PF here whose driver could be told")
        }
        let subject = "VF \(place.index) of \(place.pf) for guest \(record.guestName)"
        let now = try settings(place, subject)
        var record = record
        record.former = old?.former ?? WantedSettings()
        for name in record.wanted.names where record.former[name] == nil && !name.isOfTag {
            record.former[name] = now[name]
        }
        try records.write(record, of: function)
        do throws(Failure) {
            // What a former guest left behind, if nobody took it back.
            let left = record.former.without(record.wanted.names)
            try tell(left.steps(now: now, vlan: nil), left, place, subject)
            let wanted = withTag ? record.wanted : record.wanted.withoutTag
            try tell(wanted.steps(now: now, vlan: record.vlan), wanted, place, subject)
        } catch {
            if takeBack(record, place) { records.remove(function) }
            throw error
        }
    }

    /// Tells the driver, and looks whether it did.
    private func tell(
        _ steps: [SettingsStep], _ wanted: WantedSettings, _ place: FunctionPlace, _ subject: String
    ) throws(Failure) {
        guard !steps.isEmpty else { return }
        for step in steps {
            let words = step.names.map { "\($0.rawValue) \(wanted[$0] ?? "")" }.joined(separator: ", ")
            do throws(VFTableError) {
                try tables.apply(step.change, place)
            } catch {
                throw Failure(.settingRefused, "\(subject) can't have \(words)", cause: error.message)
            }
        }
        let now = try settings(place, subject)
        for name in steps.flatMap(\.names) where now[name] != wanted[name] {
            throw Failure(
                .settingRefused, "\(subject) was to have \(name.rawValue) \(wanted[name] ?? "")",
                cause: "the driver accepted it, but the VF has \(now[name] ?? "nothing")")
        }
    }

    /// - Throws: `host-unreadable` where it can't be told, which is not "nowhere".
    private func place(of function: PCIAddress) throws(Failure) -> FunctionPlace? {
        do throws(HostError) {
            return try tables.place(of: function)
        } catch {
            throw Failure(.unreadable, "the PF of VF \(function) could not be found", error)
        }
    }

    private static func words(_ failure: Failure) -> String {
        failure.message + (failure.cause.map { ": \($0)" } ?? "")
    }

    private func settings(_ place: FunctionPlace, _ subject: String) throws(Failure) -> VFSettings {
        do throws(VFTableError) {
            return try tables.settings(place)
        } catch {
            throw Failure(.settingRefused, "the settings of \(subject) can't be read", cause: error.message)
        }
    }

    // MARK: The guest starts

    /// libvirt has set the VLANs by now, each with priority 0; what is wanted of the tags is added. So is what a driver
    /// forgot when the VF was handed to VFIO.
    private func starts(_ name: Name, _ guest: Document) throws(Failure) {
        guard let uuid = guest.root.first("uuid")?.text else { return }
        for (function, record) in try records.records(ofGuest: uuid) {
            guard let place = try place(of: function) else { continue }
            let subject = "VF \(place.index) of \(place.pf) for guest \(name)"
            let now = try settings(place, subject)
            try tell(record.wanted.steps(now: now, vlan: record.vlan), record.wanted, place, subject)
        }
    }

    // MARK: The guest gives it back

    private func deleted(_ port: NetworkPortState) throws(Failure) {
        guard let function = port.address, !Reservation.isOurs(port), let record = try records.record(of: function)
        else { return }
        // Somebody else's by now: then this is old news.
        guard record.guestUUID == port.ownerUUID, record.mac == port.mac?.description else { return }
        guard let place = try place(of: function) else { return records.remove(function) }
        if takeBack(record, place) { records.remove(function) }
    }

    /// - Returns: whether the VF has again what it had before.
    private func takeBack(_ record: FunctionRecord, _ place: FunctionPlace) -> Bool {
        do throws(VFTableError) {
            for step in record.former.steps(now: try tables.settings(place), vlan: nil) {
                try tables.apply(step.change, place)
            }
            return true
        } catch {
            complain("VF \(place.index) of \(place.pf) keeps settings of guest \(record.guestName): \(error.message)")
            return false
        }
    }
}
