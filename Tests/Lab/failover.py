"""What tests ask of a guest with a failover NIC: a virtio NIC and a VF that the guest sees as one."""
import time


def has(host, name, mac, *halves):
    """The guest has one NIC, a failover NIC with these halves, all with its MAC; it and its virtio NIC have a link."""
    def look():
        nics = host.console(name).nics
        nic = nics.get(mac, {"slaves": {}})
        return (list(nics) == [mac] and nic["link"] and sorted(nic["slaves"]) == sorted(halves)
                and all(half["mac"] == mac and (half["link"] or driver == "igbvf")
                        for driver, half in nic["slaves"].items())), nics
    host.eventually(f"guest {name} has one NIC with its MAC, made of {' and '.join(halves)}", look)


def carried(host, name, *targets, by_virtio, uri="qemu:///system"):
    """Its pings are answered, and pass through its virtio NIC or do not.

    Now and then an emulated VF that is plugged gets no word from its port, and so no link; the guest then goes on by its virtio NIC."""
    counter = "/sys/class/net/$tap/statistics/rx_packets"

    def look():
        first, last = host.run(f"tap=$(virsh -q -c '{uri}' domiflist {name} | awk '$2 == \"bridge\" {{ print $1 }}'); "
                               f"cat {counter}; sleep 4; cat {counter}").split()
        console = host.console(name)
        answers = [console.answers.get(target) is True for target in targets]
        return all(answers) and (int(last) > int(first)) == by_virtio, (first, last, console.text[-600:])
    if not by_virtio and not links(host, name):
        host.say(f"    (the emulated VF of guest {name} came up without a link, at a port that has one)")
        by_virtio = True
    host.eventually(f"guest {name} reaches {' and '.join(targets)} by its {'virtio NIC' if by_virtio else 'VF'}", look)


def links(host, name, limit=60):
    """Whether the guest's VF gets its link in that time."""
    end = time.monotonic() + limit
    while host.console(name).has_dead_vf():
        if time.monotonic() > end:
            return False
        time.sleep(1)
    return True


def mark(host, name):
    return len(host.console(name).history) - 1


def kept(host, name, mac, since):
    """All the while since: the same netdev, whose link was never lost."""
    console = host.console(name)
    seen = [(block[mac]["name"], block[mac]["link"], block[mac]["drops"]) for block in console.history[since:]]
    host.check(f"guest {name} saw the same netdev all the while, and never lost its link",
               len(seen) > 2 and len(set(seen)) == 1 and seen[0][1], console.text[-3000:])
    for target in console.answers:
        times = console.text.count(f"GUEST-PING {target} no")
        host.say(f"    ({times} times since its start a ping to {target}, or some, went unanswered)")
