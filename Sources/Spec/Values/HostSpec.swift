package import Model
package import Text

/// What should be on a host, as files say it; what is not mentioned is left as it is.
package struct HostSpec: Sendable, Equatable {
    /// The only host that it is for; nil: any.
    package var host: Name?
    package var pfs: [PFSpec]
    package var pools: [PoolSpec]
    package var guests: [GuestSpec]
    /// Of an export: what of the host a spec can't say, in sentences. It has no effect.
    package var notes: [Name] = []

    package init(host: Name? = nil, pfs: [PFSpec] = [], pools: [PoolSpec] = [], guests: [GuestSpec] = []) {
        self.host = host
        self.pfs = pfs
        self.pools = pools
        self.guests = guests
    }

    package var isEmpty: Bool { pfs.isEmpty && pools.isEmpty && guests.isEmpty }

    /// This and another one, of the same host.
    ///
    /// - Throws: `bad-spec` where both say something of one thing.
    package func merged(with other: HostSpec) throws(Failure) -> HostSpec {
        var whole = self
        whole.host = host ?? other.host
        for pf in other.pfs {
            try Self.check("PF \(pf.word)", pf.origin, pfs.first { $0.word == pf.word }.map(\.origin))
            whole.pfs.append(pf)
        }
        for pool in other.pools {
            try Self.check("pool \(pool.name)", pool.origin, pools.first { $0.name == pool.name }.map(\.origin))
            whole.pools.append(pool)
        }
        for guest in other.guests {
            try Self.check("guest \(guest.name)", guest.origin, guests.first { $0.name == guest.name }.map(\.origin))
            whole.guests.append(guest)
        }
        return whole
    }

    private static func check(_ subject: String, _ origin: Origin?, _ former: Origin??) throws(Failure) {
        guard let former else { return }
        let message = "\(subject) is in two files"
        let reason = former.map { "first at \($0)" }
        throw origin?.failure(message, reason: reason) ?? Failure(.badSpec, message, cause: reason)
    }
}
