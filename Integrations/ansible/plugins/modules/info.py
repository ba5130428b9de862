#!/usr/bin/python
# Copyright: the vfpool authors
# Apache License 2.0 (see https://www.apache.org/licenses/LICENSE-2.0)

from __future__ import annotations

DOCUMENTATION = r"""
module: info
short_description: What vfpool knows of a host
description:
  - Pools, VFs and guests, the checks of C(vfpool doctor), and the host as a spec. Changes nothing.
author: the vfpool authors (@vfpool)
version_added: 0.1.0
options:
  gather:
    description:
      - V(list) is the pools; V(status) the pools, PFs and guests, with each VF; V(doctor) the checks; V(export) what is there as a spec.
    type: list
    elements: str
    choices: [list, status, doctor, export]
    default: [status, doctor, export]
  full:
    description: Whether the spec also says what there is not, such as that a pool has no VLAN.
    type: bool
    default: false
extends_documentation_fragment:
  - vfpool.vfpool.host
attributes:
  check_mode:
    description: Changes nothing in any mode.
    support: full
  diff_mode:
    description: Nothing differs, because nothing is changed.
    support: none
  platform:
    description: Where it runs.
    platforms: posix
    support: full
seealso:
  - module: vfpool.vfpool.spec
"""

EXAMPLES = r"""
- name: What is there
  vfpool.vfpool.info:
  register: host

- name: No check fails
  ansible.builtin.assert:
    that: host.doctor.verdicts.fail == 0

- name: The host as a spec, for Git
  ansible.builtin.copy:
    content: "{{ host.export_yaml }}"
    dest: "specs/{{ inventory_hostname }}.yaml"
    mode: "0644"
  delegate_to: localhost
"""

RETURN = r"""
version:
  description: That of vfpool.
  type: str
  returned: success
  sample: 0.1.0
list:
  description: What C(vfpool list --format json) prints.
  type: dict
  returned: if gathered
status:
  description: What C(vfpool status --format json) prints.
  type: dict
  returned: if gathered
doctor:
  description: What C(vfpool doctor --format json) prints.
  type: dict
  returned: if gathered
failing:
  description: The checks that fail, each by its stable name and what it is about.
  type: list
  elements: str
  returned: if V(doctor) is gathered
  sample: ["pool-active: tenants"]
export:
  description:
    - The spec, as data, to be given to M(vfpool.vfpool.spec) again.
    - Its C(notes) say what a spec can't say of the host, such as a VLAN 4095. They are there if there is anything, and have no effect.
  type: dict
  returned: if gathered
export_yaml:
  description: The spec as a file has it, with comments.
  type: str
  returned: if gathered
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
from ansible_collections.vfpool.vfpool.plugins.module_utils.program import ARGUMENTS, Program

KINDS = ["list", "status", "doctor", "export"]


def text_of_export(program, words):
    """As YAML."""
    uri = program.module.params["uri"]
    status, out, err = program.run(["export", *words, *(["--connect", uri] if uri else [])])
    if status != 0:
        program.fail("no-spec", "vfpool printed no spec", cause=err.strip()[-1000:] or None, exit_status=status)
    return out


def failing(document):
    """What it is about tells two findings of one check apart; its words may count something."""
    return [
        f"{check['check']}: {', '.join([*check['pools'], *check['guests'], *check['ports']]) or 'host'}"
        for check in document["checks"] if check["verdict"] == "fail"]


def main():
    module = AnsibleModule(
        argument_spec={
            **ARGUMENTS,
            "gather": {"type": "list", "elements": "str", "choices": KINDS, "default": ["status", "doctor", "export"]},
            "full": {"type": "bool", "default": False},
        },
        supports_check_mode=True)
    program = Program(module)
    result = {"changed": False, "version": program.version}
    for kind in module.params["gather"]:
        words = ["--full"] if kind == "export" and module.params["full"] else []
        result[kind] = program.checked(program.ask(kind, *words))
        if kind == "doctor":
            result["failing"] = failing(result[kind])
        elif kind == "export":
            result["export_yaml"] = text_of_export(program, words)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
