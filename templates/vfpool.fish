# vfpool's completion for fish. vfpool gets the words before the cursor, and answers with what may stand next: fish itself
# chooses among them and quotes. Names come from guests and hosts, and so may hold anything: nothing here expands them.
function __vfpool_complete
    # From fish 4 on words come as they were typed.
    if test (string split -m 1 -f 1 -- . "$FISH_VERSION") -gt 3
        set -f words (commandline --tokens-raw --current-process --cut-at-cursor | string unescape)
    else
        set -f words (commandline --tokenize --current-process --cut-at-cursor)
    end
    set -l current (commandline --current-token --cut-at-cursor)
    set -l answer (command vfpool ---complete fish $words "$current" 2>/dev/null </dev/null)
    switch "$answer[1]"
        case files
            __fish_complete_path (string replace --regex -- '^--[^=]*=' '' "$current")
        case words
            printf '%s\n' $answer[2..]
    end
end
complete --command vfpool --no-files --keep-order --arguments '(__vfpool_complete)'
