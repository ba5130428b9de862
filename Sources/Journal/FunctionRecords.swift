package import FoundationEssentials
import Glibc
package import Model
package import SRIOV
package import Text

/// What was done to a VF when a guest got it, and what it had before.
package struct FunctionRecord: Codable, Equatable {
    package var guestName: Name
    package var guestUUID: String
    package var mac: String?
    /// The VLAN that libvirt sets, which goes with a priority and a protocol.
    package var vlan: Int?
    package var wanted: WantedSettings
    /// The first that was found, whatever happened since.
    package var former: WantedSettings

    package init(
        guestName: Name, guestUUID: String, mac: String? = nil, vlan: Int? = nil, wanted: WantedSettings,
        former: WantedSettings
    ) {
        self.guestName = guestName
        self.guestUUID = guestUUID
        self.mac = mac
        self.vlan = vlan
        self.wanted = wanted
        self.former = former
    }
}

/// The records, a file for each VF below `/run`: they end with the host's run, as the VFs' settings do.
package struct FunctionRecords: Sendable {
    private let folder: String

    package init(folder: String = "/run/vfpool") { self.folder = folder }

    private func path(_ function: PCIAddress) -> String { "\(folder)/functions/\(function).json" }

    /// One that can't be understood is none: what it knew is lost.
    ///
    /// - Throws: `host-unreadable` where it can't be read, which is not "none".
    package func record(of function: PCIAddress) throws(Failure) -> FunctionRecord? {
        do throws(HostError) {
            guard let bytes = try SystemFile.bytes(path(function)) else { return nil }
            return try? JSONDecoder().decode(FunctionRecord.self, from: Data(bytes))
        } catch {
            throw Failure(.unreadable, "what VF \(function) had before could not be read", error)
        }
    }

    /// Those of a guest.
    package func records(ofGuest uuid: String) throws(Failure) -> [(function: PCIAddress, record: FunctionRecord)] {
        let names: [String]
        do throws(HostError) {
            names = try SystemFile.names(in: "\(folder)/functions")?.sorted() ?? []
        } catch {
            throw Failure(.unreadable, "what VFs had before could not be read", error)
        }
        var records: [(function: PCIAddress, record: FunctionRecord)] = []
        for name in names {
            guard let address = name.without(suffix: ".json").flatMap({ PCIAddress(String($0)) }),
                let record = try record(of: address), record.guestUUID == uuid
            else { continue }
            records.append((address, record))
        }
        return records
    }

    package func write(_ record: FunctionRecord, of function: PCIAddress) throws(Failure) {
        for path in [folder, "\(folder)/functions"] { mkdir(path, 0o700) }
        let text: String
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
            text = String(decoding: try encoder.encode(record), as: UTF8.self) + "\n"
        } catch {
            throw Failure(.file, "could not write down what VF \(function) had", cause: "\(error)")
        }
        try Files.write(text, to: path(function))
    }

    package func remove(_ function: PCIAddress) { unlink(path(function)) }

    // MARK: Signs of life

    private var stamp: String { "\(folder)/hook-ran" }

    /// libvirt has run the hook.
    package func note() {
        mkdir(folder, 0o700)
        try? Files.write("", to: stamp)
    }

    /// When libvirt last ran the hook, since the host started; nil: not yet, or it can't be seen.
    package func lastRun() -> Date? {
        var status = stat()
        guard stat(stamp, &status) == 0 else { return nil }
        return Date(timeIntervalSince1970: Double(status.st_mtim.tv_sec))
    }
}
