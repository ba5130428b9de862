"""reserve.py RIG: run inside the rig, gives the pools' networks a port for each VF that a guest holds: [{"pf", "vf", "guest"}, …] on
standard input."""
import json
import os
import sys
import uuid

sys.path.insert(0, sys.argv[1])
import guests  # noqa: E402 (the rig's, like the next)
from hypervisor import Hypervisor  # noqa: E402

libvirt = Hypervisor()
for number, held in enumerate(json.load(sys.stdin)):
    name = f"vfpool-{held['pf']}"
    path = os.path.realpath(f"/sys/class/net/{held['pf']}/device/virtfn{held['vf']}")
    libvirt.create_port(name, f"""<networkport>
  <uuid>{uuid.uuid5(uuid.NAMESPACE_URL, f"{name} {held['vf']}")}</uuid>
  <owner><name>{held['guest']}</name><uuid>{guests.identity("guest", held['guest'])}</uuid></owner>
  <mac address='52:54:00:ff:{number >> 8:02x}:{number & 255:02x}'/>
  <plug type='hostdev-pci' managed='yes'>{guests.pci_address(os.path.basename(path))}</plug>
</networkport>""")
os._exit(0)  # the connection needs no farewell
