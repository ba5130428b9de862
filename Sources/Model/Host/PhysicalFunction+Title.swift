package import SRIOV
package import Text

extension PhysicalFunction {
    /// What people call it: its netdev, else its address.
    package var title: Name { netdev ?? Name(address.description) }
}
