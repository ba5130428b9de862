/// Plans to bring every managed pool in line with who holds what. Run again, it finds nothing to do.
package enum Reconcile {
    package static func plan(_ state: State) throws(Failure) -> Plan { Plan(try Upkeep.items(state)) }
}
