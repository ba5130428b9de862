# vfpool's completion for bash. vfpool gets the line as it was typed, and answers with text that is ready to stand there.
# Names come from guests and hosts, and so may hold anything: nothing here expands them or splits them.
_vfpool() {
    local answer=()
    COMPREPLY=()
    mapfile -t answer <<<"$(command vfpool ---complete bash "${COMP_LINE:0:COMP_POINT}" "${2-}" 2>/dev/null </dev/null)"
    case "${answer[0]-}" in
    files) compopt -o default ;;
    words) COMPREPLY=("${answer[@]:1}") ;;
    esac
}
complete -F _vfpool vfpool
