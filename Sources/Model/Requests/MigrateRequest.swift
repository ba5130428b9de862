package import Text

/// What `vfpool migrate` was asked for; kept in the journal, so that an interrupted one can go on.
package struct MigrateRequest: Sendable, Equatable, Codable {
    /// A MAC that the user says a guest's VF has.
    package struct GivenMAC: Sendable, Equatable, Codable {
        package var guest: Name
        /// The function's PCI address, as typed.
        package var address: String
        package var mac: String

        package init(guest: Name, address: String, mac: String) {
            self.guest = guest
            self.address = address
            self.mac = mac
        }
    }

    /// Names or UUIDs; none means every guest of the host.
    package var guests: [Name]
    /// Guests that a sweep leaves alone.
    package var except: [Name]
    /// The PCI address of the PF whose functions are meant; nil for every PF.
    package var pf: String?
    package var createsPools: Bool
    package var includesMacvtap: Bool
    package var macs: [GivenMAC]
    /// What the user agreed to drop, as for `bind`.
    package var drop: [String]
    /// Move running guests' interfaces now.
    package var live: Bool
    /// Seconds to wait for a guest to release its device.
    package var patience: Double

    package init(
        guests: [Name] = [], except: [Name] = [], pf: String? = nil, createsPools: Bool = false,
        includesMacvtap: Bool = false, macs: [GivenMAC] = [], drop: [String] = [], live: Bool = false,
        patience: Double = 20
    ) {
        self.guests = guests
        self.except = except
        self.pf = pf
        self.createsPools = createsPools
        self.includesMacvtap = includesMacvtap
        self.macs = macs
        self.drop = drop
        self.live = live
        self.patience = patience
    }

    /// The same with guests by their UUIDs, as the journal keeps it: a name may be another's when the migration goes on.
    ///
    /// - Throws: `no-such-guest`.
    package func settled(in state: State) throws(Failure) -> MigrateRequest {
        var request = self
        request.guests = try guests.map { (name) throws(Failure) in Name(try state.guest(named: name).uuid) }
        request.except = try except.map { (name) throws(Failure) in Name(try state.guest(named: name).uuid) }
        for index in macs.indices { request.macs[index].guest = Name(try state.guest(named: macs[index].guest).uuid) }
        return request
    }

    /// A sweep leaves out the guests that can't be migrated, and says why; a guest that was named is not left out.
    package var isSweep: Bool { guests.isEmpty }
}
