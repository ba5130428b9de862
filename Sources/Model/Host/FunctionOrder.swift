/// In which order a pool over several PFs lists their functions: libvirt hands out the first that is free.
package enum FunctionOrder: String, Sendable {
    /// One of each PF in turn, so that guests spread over them.
    case interleaved
    /// Those of the first PF's NUMA node first, each node's interleaved.
    case numa
    /// As a network made by hand had them when it was adopted.
    case listed
}
