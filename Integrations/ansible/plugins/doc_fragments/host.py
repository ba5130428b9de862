# Copyright: the vfpool authors
# Apache License 2.0 (see https://www.apache.org/licenses/LICENSE-2.0)
"""What all modules of the collection have in common."""
from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  executable:
    description: vfpool on the managed host, by name or path.
    type: path
    default: vfpool
  uri:
    description: libvirt's URI, such as V(qemu:///system); else libvirt's choice.
    type: str
  timeout:
    description: How many seconds to wait while libvirt gives no answer. 0 is no limit.
    type: int
    default: 30
requirements:
  - vfpool 0.1.0 or later on the managed host
  - Python 3.9 or later on the managed host
notes:
  - Run it as root (C(become)). Other users see less, and can change nothing.
  - A failure has vfpool's C(code), which is stable, its C(cause) and its C(hints). C(vfpool help CODE) explains it.
"""

    CHANGE = r"""
options:
  lock_wait:
    description: How many seconds to wait for another vfpool that changes this host.
    type: int
    default: 10
attributes:
  check_mode:
    description: Makes the plan, and changes nothing.
    support: full
  diff_mode:
    description: Returns what vfpool shows of its plan; secrets are left out.
    support: full
  platform:
    description: Where it runs.
    platforms: posix
    support: full
"""
