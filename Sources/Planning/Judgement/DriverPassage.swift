import Model
import Text

/// The VFIO driver of an interface that goes from one attachment to another: what is refused, and what is told.
///
/// On a pool it is the pool's word, so what an interface names itself has to be the pool's.
enum DriverPassage {
    /// - Parameter drop: what the user agreed to drop.
    /// - Throws: `cannot-carry` for what the interface names, and the pool does not.
    static func check(
        _ interface: GuestInterface, of guest: Guest, to pool: NetworkState, drop: Set<String>, subject: String
    ) throws(Failure) {
        guard interface.attachment.pinnedAddress != nil, !drop.contains(where: { Name($0) == "driver" }) else { return }
        let own = interface.driver
        let given = (pool.configuration?.driver ?? FunctionDriver()).effective(in: guest)
        var lacks: [String] = []
        if let model = own.model, model != given.model { lacks.append("the driver \(model)") }
        if let iommufd = own.iommufd, iommufd != given.iommufd { lacks.append("iommufd='\(iommufd ? "yes" : "no")'") }
        guard !lacks.isEmpty else { return }
        throw Failure(
            .cannotCarry,
            "\(subject) names \(lacks.joined(separator: " and ")), which pool \(pool.name) does not use",
            cause: "on a pool the driver stands in the network's <forward>, and libvirt forgets what an interface says",
            hints: [
                "name it there: `virsh net-edit \(shell: pool.word)`, <driver name='vfio' \(text: own.attributes)/>",
                "or let libvirt choose: `--drop driver`",
            ])
    }

    /// That the function which the guest gets has another driver.
    ///
    /// - Parameters:
    ///   - from: the present one; nil where there is no function.
    ///   - to: the coming one.
    static func notes(
        _ subject: String, of guest: Guest, from: FunctionDriver?, to: FunctionDriver?
    ) -> [Note] {
        guard let from, let to, from != to else { return [] }
        let change = "from \(from.words) to \(to.words)"
        return [
            Note(
                "\(subject): the VFIO driver of its VF changes \(change)",
                Fold("guest", guest.name, "have VFs whose VFIO driver changes \(change)"))
        ]
    }
}
