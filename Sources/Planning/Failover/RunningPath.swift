import Model
import Text
import XML

/// What an emulated card of a running guest is on. Of one on a network, the live document has the network's bridge as well, or instead.
extension Guest {
    func leads(_ live: GuestInterface, to wanted: Attachment) -> Bool {
        guard let network = liveNetwork(of: live) else {
            return live.attachment == wanted
                || live.attachment.networkName.map { wanted.networkName == $0 } ?? false
        }
        return wanted.networkName == network
    }

    /// Where the persistent half of a running pair leads, in words; nil where it leads where its document says, or there is none.
    func otherPath(of live: GuestInterface, than wanted: Attachment) -> String? {
        guard let half = livePersistentHalf(of: live), !leads(half, to: wanted) else { return nil }
        return liveNetwork(of: half).map { "network \($0)" } ?? half.attachment.summary
    }

    private func liveNetwork(of live: GuestInterface) -> Name? {
        guard let text = liveXML else { return nil }
        return try? Document(parsing: text).selectOne(live.path).first("source")?[name: "network"]
    }
}
