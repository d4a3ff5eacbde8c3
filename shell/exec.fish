# What fish evaluates at its prompt for `tabctl exec`: a command between two marks. It stands in no
# function, so that what the command sets stays set.
# Must say how the command ended, and must not let it read the terminal.

# The line that evaluates this is at hand with the Up key until the next command: again it does nothing.
set -g __tabctl_exec
if test -p $__tabctl_errand/ack
    begin
        printf '\036%s S\n' $__tabctl_token
        # Whoever shows in this terminal what is run has done so before anything else is said there …
        read -g __tabctl_found
        begin
            eval $__tabctl_line
        end </dev/null
        set -g __tabctl_code $status
        # What it says of a line, or a name, that it does not know cannot be led elsewhere.
        contains $__tabctl_code 121 123 124 127
        and echo "tabctl: what fish says about it stands in its own terminal" >&2
        printf '\036%s E %s\n' $__tabctl_token $__tabctl_code
        set -g __tabctl_token
        # … and is done with all of it before the prompt comes back.
        read -g __tabctl_found
    end <$__tabctl_errand/ack >$__tabctl_errand/out 2>$__tabctl_errand/err
    __tabctl_left $__tabctl_code
end
