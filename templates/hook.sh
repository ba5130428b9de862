#!/bin/sh
# vfpool's hook. libvirt runs it for every port of a network and every start of a guest; it gives the VFs of pools the
# settings that `vfpool set` wants of them, and takes them back. Made by `vfpool hook install`, to be removed with
# `vfpool hook remove`. It never calls libvirt, which would wait for itself.
vfpool=/usr/bin/vfpool
folder=${0%/*}
kind=${folder##*/}
kind=${kind%.d}
case "$kind $2" in
    "network port-created" | "network port-deleted" | "qemu start") ;;
    *) exit 0 ;;
esac
# Without vfpool, or where it can't be run, everything goes on as it does without this hook.
[ -x "$vfpool" ] || exit 0
"$vfpool" hook run "$kind" "$@"
status=$?
[ "$status" -ne 126 ] && [ "$status" -ne 127 ] || exit 0
exit "$status"
