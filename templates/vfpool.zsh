#compdef vfpool
# vfpool's completion for zsh. vfpool gets the words as they were typed, and answers with what may stand next: zsh itself
# chooses among them and quotes. Names come from guests and hosts, and so may hold anything: nothing here expands them.
_vfpool() {
    local -a answer
    answer=("${(@f)$(command vfpool ---complete zsh "${(@)words[1,CURRENT-1]}" "${QIPREFIX}${IPREFIX}${PREFIX}" 2>/dev/null </dev/null)}")
    case "${answer[1]}" in
    files)
        [[ "${PREFIX}" == --*=* ]] && compset -P '*='
        _files
        ;;
    words)
        answer=("${(@)answer[2,-1]}")
        _describe -V '' answer
        ;;
    *) return 1 ;;
    esac
}
if [[ "${funcstack[1]}" = _vfpool ]]; then _vfpool "${@}"; else compdef _vfpool vfpool; fi
