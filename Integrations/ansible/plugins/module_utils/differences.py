# Copyright: the vfpool authors
# Apache License 2.0 (see https://www.apache.org/licenses/LICENSE-2.0)
"""What differs from a spec, sorted for a playbook; and what YAML readers make of a spec's texts."""
from __future__ import annotations

import re


SIGNS = {"differs": "~", "missing": "+", "unwanted": "-", "waits": "…", "blocked": "!"}


def line(difference):
    """As `vfpool diff` prints it."""
    words = [f"{field['field']}: {field['found'] or 'none'} → {field['wanted'] or 'none'}" for field in difference["fields"]]
    if difference["error"]:
        words = [difference["error"]["message"]]
    text = "; ".join(words) or difference["remark"] or ""
    mac = f"{difference['mac']}: " if difference["mac"] else ""
    kind = "PF" if difference["kind"] == "pf" else difference["kind"]
    return f"{SIGNS.get(difference['verdict'], '?')} {kind} {difference['name']}  {mac}{text}"


def drift(differences):
    """A line for all but what waits."""
    return [line(item) for item in differences if item["verdict"] != "waits"]


def waiting(differences):
    """What is so at the next start of the guest or pool."""
    return [
        {"kind": item["kind"], "name": item["name"], "mac": item["mac"], "reason": item["remark"]}
        for item in differences if item["verdict"] == "waits"]


def blocked(differences):
    """What can't be made so, and why."""
    return [
        {"kind": item["kind"], "name": item["name"], "mac": item["mac"], **(item["error"] or {})}
        for item in differences if item["verdict"] == "blocked"]


def misread(spec):
    """Where YAML 1.1, which Ansible reads, took a MAC or a PCI address for a number; None if nowhere.

    52:54:00:00:00:01 without quotation marks is 40759891201 there, to the base of 60."""
    pfs, pools, guests = (section if isinstance(section, dict) else {} for section in map(spec.get, ("pfs", "pools", "guests")))
    for name in pfs:
        if re.fullmatch(r"[0-9]+(\.[0-9]+)?", str(name)):
            return f"pfs: {name}"
    for name, pool in pools.items():
        wanted = pool.get("pf") if isinstance(pool, dict) else None
        for pf in wanted if isinstance(wanted, list) else [wanted]:
            pf = pf.get("pf") if isinstance(pf, dict) else pf
            if is_number(pf):
                return f"pools: {name}: pf: {pf}"
    for name, interfaces in guests.items():
        for interface in interfaces if isinstance(interfaces, list) else []:
            if isinstance(interface, dict) and is_number(interface.get("mac")):
                return f"guests: {name}: mac: {interface['mac']}"
    return None


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)
