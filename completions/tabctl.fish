# Completes tabctl in fish: put it into a folder of `fish_complete_path`, or `source` it.
# The program says what can stand at the cursor; this only hands it over.

function __tabctl_complete
    set -l line (commandline --current-process --cut-at-cursor | string collect)
    command tabctl complete fish "--line=$line" 2>/dev/null
end

complete --command tabctl --erase
complete --command tabctl --keep-order --no-files --arguments '(__tabctl_complete)'
# Behind `--` stands an agent's command line, and the values of some options are files.
complete --command tabctl --condition 'not count (__tabctl_complete) >/dev/null' --force-files
