# shellcheck shell=bash
# What bash evaluates at its prompt for `tabctl exec`: a command between two marks. It stands in no
# function, so that what the command declares stays declared.
# Must leave the history and the traps as they are, and must not let the command read the terminal.
# shellcheck disable=SC2154 # `__tabctl_take` has set what this reads

__tabctl_begin
# A terminal that is gone has ended the shell, and not the command: then there is no code to be told.
# shellcheck disable=SC2154 # it is set where the trap is run
builtin trap '__tabctl_code=$?; { : >/dev/tty; } 2>/dev/null || __tabctl_token=; __tabctl_gone "$__tabctl_code"' EXIT
{
    builtin printf '\036%s S\n' "$__tabctl_token"
    # Whoever shows in this terminal what is run has done so before anything else is said there …
    builtin read -r -t 5 __tabctl_found || :
    { builtin eval "$__tabctl_line"; } </dev/null
    __tabctl_code=$?
    __tabctl_settle
    builtin printf '\036%s E %s\n' "$__tabctl_token" "$__tabctl_code"
    # … and is done with all of it before the prompt comes back.
    builtin read -r -t 5 __tabctl_found || :
} <"$__tabctl_errand/ack" >"$__tabctl_errand/out" 2>"$__tabctl_errand/err"
__tabctl_finish
