/// How vfpool names the halves of a pair.
enum PairNames {
    static let lasting = "ua-failover-"
    static let transient = "ua-vf-"
}
