#!/usr/bin/python
# Copyright: the vfpool authors
# Apache License 2.0 (see https://www.apache.org/licenses/LICENSE-2.0)

from __future__ import annotations

DOCUMENTATION = r"""
module: migrate
short_description: Turn guests' pinned VFs into interfaces on pools
description:
  - Points interfaces that have a pinned VF at a pool of its PF, by C(vfpool migrate). Each guest keeps its MACs.
  - A running guest keeps its VF until it stops, unless O(live=true). Each guest is done whole or not at all.
  - Guests that can't be migrated are left out, and returned as RV(blocked); one that O(guests) names is a failure.
author: the vfpool authors (@vfpool)
version_added: 0.1.0
options:
  guests:
    description: Only these guests; else all of the host.
    type: list
    elements: str
    default: []
  except:
    description: Guests that are left out.
    type: list
    elements: str
    default: []
  create_pools:
    description: Whether pools that are missing are made, and those made by hand taken over.
    type: bool
    default: true
  live:
    description: Whether running guests are moved now, one after the other, by hot-unplug and hot-plug.
    type: bool
    default: false
  wait:
    description: With O(live=true), how many seconds a guest may take to release its device.
    type: int
    default: 20
extends_documentation_fragment:
  - vfpool.vfpool.host
  - vfpool.vfpool.host.change
seealso:
  - module: vfpool.vfpool.info
"""

EXAMPLES = r"""
- name: All guests of the host to pools
  vfpool.vfpool.migrate:
  register: migrated

- name: The spec of what is there then, for Git
  vfpool.vfpool.info:
    gather: [export]
  register: found
"""

RETURN = r"""
change:
  description: The change's name, by which M(vfpool.vfpool.undo) takes it back. None if nothing was changed.
  type: str
  returned: success
  sample: 20261130-000907-419-1
summary:
  description: What was done, in sentences.
  type: list
  elements: str
  returned: success
notes:
  description: What to know about it, in sentences.
  type: list
  elements: str
  returned: success
  sample: ["guest vm1 is running: this takes effect when it is shut down and started again"]
warned:
  description: vfpool's warnings, each with its code, message and hints.
  type: list
  elements: dict
  returned: success
plan:
  description: How many things are added, changed and removed, and the steps of it.
  type: dict
  returned: success
interfaces:
  description: Each interface that goes to a pool, with its guest, MAC, pool, and when it takes effect.
  type: list
  elements: dict
  returned: success
blocked:
  description: Guests that were left out, each with code, message, cause and hints.
  type: list
  elements: dict
  returned: success
capacity:
  description: The room of each pool.
  type: list
  elements: dict
  returned: success
code:
  description: vfpool's code of the failure, stable.
  type: str
  returned: failure
  sample: vf-in-use
cause:
  description: The words of libvirt or the kernel, or more of the reason.
  type: str
  returned: failure
hints:
  description: What to do about it.
  type: list
  elements: str
  returned: failure
exit_status:
  description: That of vfpool, where it ran.
  type: int
  returned: failure
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.vfpool.vfpool.plugins.module_utils.program import ARGUMENTS, CHANGING, Program


def options(params):
    words = [] if params["guests"] else ["--all"]
    # In one word: a guest's name may begin with a hyphen.
    words += [f"--except={guest}" for guest in params["except"]]
    if params["create_pools"]:
        words.append("--create-pools")
    if params["live"]:
        words += ["--live", "--wait", str(params["wait"])]
    return words + (["--", *params["guests"]] if params["guests"] else [])


def main():
    module = AnsibleModule(
        argument_spec={
            **ARGUMENTS, **CHANGING,
            "guests": {"type": "list", "elements": "str", "default": []},
            "except": {"type": "list", "elements": "str", "default": []},
            "create_pools": {"type": "bool", "default": True},
            "live": {"type": "bool", "default": False},
            "wait": {"type": "int", "default": 20},
        },
        supports_check_mode=True)
    program = Program(module)
    document = program.checked(program.change("migrate", *options(module.params)))
    # Where there is no pinned VF, there is no migration either.
    migration = document.get("migration") or {"interfaces": [], "leftOut": [], "capacity": []}
    left_out = [{"kind": "guest", "name": item["guest"], **item["error"]} for item in migration["leftOut"]]
    module.exit_json(
        **program.result(document), interfaces=migration["interfaces"], capacity=migration["capacity"], blocked=left_out)


if __name__ == "__main__":
    main()
