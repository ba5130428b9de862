#!/usr/bin/python
# Copyright: the vfpool authors
# Apache License 2.0 (see https://www.apache.org/licenses/LICENSE-2.0)

from __future__ import annotations

DOCUMENTATION = r"""
module: spec
short_description: Make a host as a vfpool spec says
description:
  - Compares the host with a spec of PFs, pools of VFs, portgroups and guests' interfaces, and changes what differs, by C(vfpool apply).
    All of it is one change, which M(vfpool.vfpool.undo) takes back.
  - What the spec does not mention is neither compared nor changed.
  - A running guest has it at its next start, unless O(live=true). That it waits is no difference, and no change at the next run.
  - The form of a spec is printed by C(vfpool help spec), and is in vfpool.yaml(5).
author: the vfpool authors (@vfpool)
version_added: 0.1.0
options:
  spec:
    description:
      - The spec, as data, or as the text of a YAML file. As text it goes to vfpool as it stands.
      - As data, MACs and PCI addresses need quotation marks, because the YAML that Ansible reads takes C(52:54:00:00:00:01) for a number.
        The module refuses such numbers. Names such as C(yes) and C(010) need them, too, and the module can't see it, because they become
        C(true) and 8.
      - One of O(spec) and O(src) is required.
    type: raw
  src:
    description: The spec's file on the managed host, or a folder of them, in which those of other hosts are left out.
    type: path
  prune:
    description: Whether pools of vfpool's that the spec does not have, and portgroups of its pools, are removed.
    type: bool
    default: false
  partial:
    description:
      - Whether the rest is done where something can't be made so. Then this is returned as RV(blocked), and is no failure.
      - Otherwise nothing is done then, and the task fails.
    type: bool
    default: false
  live:
    description: Whether running guests' interfaces are moved now, by hot-unplug and hot-plug, which cuts their links for a moment.
    type: bool
    default: false
  wait:
    description: With O(live=true), how many seconds a guest may take to release the device.
    type: int
    default: 20
  drop:
    description: Features of guests' interfaces that a VF can't have, and that are dropped.
    type: list
    elements: str
    choices: [filterref, bandwidth, port, virtualport, link, vlan, driver]
    default: []
extends_documentation_fragment:
  - vfpool.vfpool.host
  - vfpool.vfpool.host.change
seealso:
  - module: vfpool.vfpool.info
  - module: vfpool.vfpool.undo
"""

EXAMPLES = r"""
- name: A host as its file in Git says
  vfpool.vfpool.spec:
    spec: "{{ lookup('ansible.builtin.file', 'specs/' ~ inventory_hostname ~ '.yaml') }}"
  register: applied

- name: Guests that have it at their next start
  ansible.builtin.debug:
    msg: "{{ applied.waiting | map(attribute='name') | list }}"

- name: As data
  vfpool.vfpool.spec:
    spec:
      version: 1
      pools:
        tenants: {pf: eth3, vlan: 42}
      guests:
        vm1:
          - {mac: "52:54:00:00:00:01", pool: tenants}

- name: All that can be done now
  vfpool.vfpool.spec:
    src: /etc/vfpool/spec
    prune: true
    partial: true
  register: applied
  failed_when: applied is failed or applied.blocked | length > 3
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
differences:
  description: What was not as the spec says, each with its verdict and fields, as of C(vfpool diff --format json).
  type: list
  elements: dict
  returned: success, and on failure where it could be told
lines:
  description: The same as C(vfpool diff) prints them, without what waits.
  type: list
  elements: str
  returned: success, and on failure where it could be told
  sample: ["~ pool tenants  vlan: 7 → 8"]
waiting:
  description: What is so at the next start of the guest or pool, after the change.
  type: list
  elements: dict
  returned: success, and on failure where it could be told
  contains:
    kind:
      description: V(pf), V(pool) or V(guest).
      type: str
    name:
      description: Its name.
      type: str
    mac:
      description: Of a guest, its interface's.
      type: str
    reason:
      description: What it waits for.
      type: str
blocked:
  description: What can't be made so.
  type: list
  elements: dict
  returned: success, and on failure where it could be told
  contains:
    kind:
      description: V(pf), V(pool) or V(guest).
      type: str
    name:
      description: Its name.
      type: str
    mac:
      description: Of a guest, its interface's.
      type: str
    code:
      description: Why, by vfpool's code.
      type: str
    message:
      description: Why, in words.
      type: str
    cause:
      description: More of the reason.
      type: str
    hints:
      description: What to do about it.
      type: list
      elements: str
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

import json

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.vfpool.vfpool.plugins.module_utils.differences import blocked, drift, misread, waiting
from ansible_collections.vfpool.vfpool.plugins.module_utils.program import ARGUMENTS, CHANGING, Program


def source(module):
    """vfpool's words for the spec, and its standard input."""
    spec = module.params["spec"]
    if spec is None:
        return [f"--file={module.params['src']}"], None
    if isinstance(spec, dict):
        wrong = misread(spec)
        if wrong:
            module.fail_json(
                msg=f"the spec has a number where a MAC or a PCI address belongs: {wrong}", code="bad-spec", cause=None,
                hints=["YAML takes 52:54:00:00:00:01 for a number: write it in quotation marks"])
        return ["--file", "-"], json.dumps(spec)
    if isinstance(spec, str):
        return ["--file", "-"], spec
    return module.fail_json(msg="spec is neither a mapping nor a text", code="bad-spec", cause=None, hints=[])


def options(params):
    words = [f"--{name}" for name in ("partial", "live") if params[name]]
    if params["live"]:
        words += ["--wait", str(params["wait"])]
    return words + (["--drop", ",".join(params["drop"])] if params["drop"] else [])


def compared(program, words, text):
    """What differs now; nothing where it can't be told."""
    answer = program.ask("diff", *words, text=text)
    found = answer.document["differences"] if answer.document else []
    return {"differences": found, "lines": drift(found), "waiting": waiting(found), "blocked": blocked(found)}


def main():
    module = AnsibleModule(
        argument_spec={
            **ARGUMENTS, **CHANGING,
            "spec": {"type": "raw"},
            "src": {"type": "path"},
            "prune": {"type": "bool", "default": False},
            "partial": {"type": "bool", "default": False},
            "live": {"type": "bool", "default": False},
            "wait": {"type": "int", "default": 20},
            "drop": {
                "type": "list", "elements": "str", "default": [],
                "choices": ["filterref", "bandwidth", "port", "virtualport", "link", "vlan", "driver"]},
        },
        mutually_exclusive=[("spec", "src")], required_one_of=[("spec", "src")], supports_check_mode=True)
    program = Program(module)
    words, text = source(module)
    words += ["--prune"] if module.params["prune"] else []
    answer = program.change("apply", *words, *options(module.params), text=text)
    if answer.document is None or (answer.error and not answer.blocked):
        program.fail_with(answer, **compared(program, words, text))
    document = answer.document
    found = document["differences"]
    result = {**program.result(document), "differences": found, "lines": drift(found)}
    if document["changed"]:
        # A running guest differed, and now it waits.
        found = compared(program, words, text)["differences"]
    module.exit_json(**result, waiting=waiting(found), blocked=blocked(found))


if __name__ == "__main__":
    main()
