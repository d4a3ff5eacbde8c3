# What zsh evaluates at its prompt for `tabctl exec`: a command between two marks. It stands in no
# function, so that what the command declares stays declared.
# Must say how the command ended, however that was, and must not let it read the terminal.

__tabctl_code=-
builtin trap >|"$__tabctl_errand/trap"
__tabctl_begin
[[ -z "$__tabctl_watched" ]] || builtin trap 'builtin kill -INT $$' PIPE
{
    {
        builtin printf '\036%s S\n' "$__tabctl_token"
        # Whoever shows in this terminal what is run has done so before anything else is said there …
        builtin read -r -t 5 __tabctl_found || :
        { builtin eval "$__tabctl_line" } </dev/null
        __tabctl_code="$?"
    } always {
        __tabctl_finish "$?" "$TRY_BLOCK_INTERRUPT"
        [[ -z "$__tabctl_watched" ]] || builtin trap - PIPE
        builtin printf '\036%s E %s\n' "$__tabctl_token" "$__tabctl_code"
        __tabctl_token=
        # … and is done with all of it before the prompt comes back.
        builtin read -r -t 5 __tabctl_found || :
    }
} <"$__tabctl_errand/ack" >"$__tabctl_errand/out" 2>"$__tabctl_errand/err"
__tabctl_left "$__tabctl_code"
