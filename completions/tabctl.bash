# shellcheck shell=bash
# Completes tabctl in bash: `. FILE`, or put it where bash-completion looks.
# The program says what can stand at the cursor; this only hands it over. Also for bash 3.2.

_tabctl() {
    local line=${COMP_LINE:0:COMP_POINT} look=() one
    # A second Tab only shows what there is: then with what each one is.
    if [[ ${COMP_TYPE-} == 63 ]]; then
        look=("--list=${COLUMNS:-80}")
    fi
    COMPREPLY=()
    # No word splitting and no globbing: nothing has to be switched off that a Ctrl-C would leave off.
    while IFS= read -r one; do
        [[ -z $one ]] || COMPREPLY+=("$one")
    done <<<"$(command tabctl complete bash ${look[@]+"${look[@]}"} "--word=$2" "--line=$line" 2>/dev/null)"
    # More is to come after a folder, or a key.
    if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[/=] ]]; then
        compopt -o nospace 2>/dev/null || :
    fi
}

# The order is the program's, where bash can be told so.
complete -o bashdefault -o default -o nosort -F _tabctl tabctl 2>/dev/null ||
    complete -o bashdefault -o default -F _tabctl tabctl
