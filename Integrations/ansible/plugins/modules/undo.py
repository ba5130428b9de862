#!/usr/bin/python
# Copyright: the vfpool authors
# Apache License 2.0 (see https://www.apache.org/licenses/LICENSE-2.0)

from __future__ import annotations

DOCUMENTATION = r"""
module: undo
short_description: Take back a change of vfpool's
description:
  - Puts back what was there before a change, by C(vfpool undo). That is itself a change, and can be taken back.
  - It fails where what it would restore over was changed since.
  - A change that was taken back already is no change, and no failure.
author: the vfpool authors (@vfpool)
version_added: 0.1.0
options:
  change:
    description:
      - The change's name, as M(vfpool.vfpool.spec) returned it, or as C(vfpool log) lists it.
      - Without it, the last change that is still in place, whoever made it, so that the task run again takes back the one before.
    type: str
extends_documentation_fragment:
  - vfpool.vfpool.host
  - vfpool.vfpool.host.change
seealso:
  - module: vfpool.vfpool.spec
"""

EXAMPLES = r"""
- name: As it was before
  vfpool.vfpool.undo:
    change: "{{ applied.change }}"
  when: applied.change is not none
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


def main():
    module = AnsibleModule(argument_spec={**ARGUMENTS, **CHANGING, "change": {"type": "str"}}, supports_check_mode=True)
    program = Program(module)
    change = module.params["change"]
    document = program.checked(program.change("undo", *(["--", change] if change else [])))
    module.exit_json(**program.result(document))


if __name__ == "__main__":
    main()
