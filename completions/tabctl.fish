# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_tabctl_global_optspecs
    string join \n color= h/help V/version
end

function __fish_tabctl_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_tabctl_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_tabctl_using_subcommand
    set -l cmd (__fish_tabctl_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c tabctl -n "__fish_tabctl_needs_command" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tabctl -n "__fish_tabctl_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tabctl -n "__fish_tabctl_needs_command" -s V -l version -d 'Print version'
complete -c tabctl -n "__fish_tabctl_needs_command" -f -a "ls" -d 'List the tabs: what each is doing, and why it exists'
complete -c tabctl -n "__fish_tabctl_needs_command" -f -a "list" -d 'List the tabs: what each is doing, and why it exists'
complete -c tabctl -n "__fish_tabctl_needs_command" -f -a "new" -d 'Make a tab, and start an agent in it'
complete -c tabctl -n "__fish_tabctl_needs_command" -f -a "bind" -d 'Bind a running agent, or a conversation, to a tab'
complete -c tabctl -n "__fish_tabctl_needs_command" -f -a "resume" -d 'Bring tabs back with their own conversations'
complete -c tabctl -n "__fish_tabctl_needs_command" -f -a "attach" -d 'Go to a tab'
complete -c tabctl -n "__fish_tabctl_needs_command" -f -a "go" -d 'Go to a tab'
complete -c tabctl -n "__fish_tabctl_needs_command" -f -a "next" -d 'Go to the next tab that needs you'
complete -c tabctl -n "__fish_tabctl_needs_command" -f -a "back" -d 'Go back to where `next` and `go` took you from'
complete -c tabctl -n "__fish_tabctl_needs_command" -f -a "show" -d 'Show everything about a tab'
complete -c tabctl -n "__fish_tabctl_needs_command" -f -a "status" -d 'Say or show what a tab is doing'
complete -c tabctl -n "__fish_tabctl_needs_command" -f -a "explain" -d 'Say why a state is shown'
complete -c tabctl -n "__fish_tabctl_needs_command" -f -a "wait" -d 'Wait until tabs need you, are idle, or are done'
complete -c tabctl -n "__fish_tabctl_needs_command" -f -a "task" -d 'Say or show why a tab exists'
complete -c tabctl -n "__fish_tabctl_needs_command" -f -a "note" -d 'Write or show what to know when coming back to a tab'
complete -c tabctl -n "__fish_tabctl_needs_command" -f -a "log" -d 'Show what was done with tabs, when and by whom'
complete -c tabctl -n "__fish_tabctl_needs_command" -f -a "tag" -d 'Add, remove or show the tags of a tab'
complete -c tabctl -n "__fish_tabctl_needs_command" -f -a "rename" -d 'Give a tab another name'
complete -c tabctl -n "__fish_tabctl_needs_command" -f -a "lock" -d 'Protect a tab from renaming, closing and removing'
complete -c tabctl -n "__fish_tabctl_needs_command" -f -a "unlock" -d 'Take the lock off a tab'
complete -c tabctl -n "__fish_tabctl_needs_command" -f -a "close" -d 'Close a tab\'s window; `resume` brings it back'
complete -c tabctl -n "__fish_tabctl_needs_command" -f -a "rm" -d 'Take a tab out of the list, with its session file'
complete -c tabctl -n "__fish_tabctl_needs_command" -f -a "trust" -d 'Look at what a session file would run, and approve it'
complete -c tabctl -n "__fish_tabctl_needs_command" -f -a "hooks" -d 'Register tabctl\'s hooks with the agents, or check them'
complete -c tabctl -n "__fish_tabctl_needs_command" -f -a "init" -d 'Print what a shell loads to show and remember its tab'
complete -c tabctl -n "__fish_tabctl_needs_command" -f -a "prompt" -d 'Print the tab for a prompt, a status line or a bar'
complete -c tabctl -n "__fish_tabctl_needs_command" -f -a "history" -d 'Show the commands that were typed in a tab'
complete -c tabctl -n "__fish_tabctl_needs_command" -f -a "tmux-conf" -d 'Print the lines for tmux.conf: glyphs, counts and keys'
complete -c tabctl -n "__fish_tabctl_needs_command" -f -a "notify" -d 'Try how you are told that a tab needs you'
complete -c tabctl -n "__fish_tabctl_needs_command" -f -a "autostart" -d 'Bring the tabs back when the machine starts'
complete -c tabctl -n "__fish_tabctl_needs_command" -f -a "doctor" -d 'Check what tabctl relies on, and what is broken'
complete -c tabctl -n "__fish_tabctl_needs_command" -f -a "config" -d 'Show the settings, and where each comes from'
complete -c tabctl -n "__fish_tabctl_needs_command" -f -a "demo" -d 'Show the main job on a private tmux server'
complete -c tabctl -n "__fish_tabctl_needs_command" -f -a "selftest" -d 'Rehearse a reboot, and compare before and after'
complete -c tabctl -n "__fish_tabctl_needs_command" -f -a "completions" -d 'Print the completions of a shell'
complete -c tabctl -n "__fish_tabctl_needs_command" -f -a "man" -d 'Print a man page, or write them all'
complete -c tabctl -n "__fish_tabctl_needs_command" -f -a "hook" -d 'Take in an event of an agent; the agents\' hooks call this'
complete -c tabctl -n "__fish_tabctl_needs_command" -f -a "runner" -d 'Hold a tab: start its agent as ordered, then become the shell'
complete -c tabctl -n "__fish_tabctl_needs_command" -f -a "keep" -d 'Keep a tab that was adopted: its glyph in tmux, and its notifications'
complete -c tabctl -n "__fish_tabctl_needs_command" -f -a "demo-agent" -d 'Hold a conversation that is kept on disk'
complete -c tabctl -n "__fish_tabctl_needs_command" -f -a "take-terminal" -d 'Take standard input for the terminal, then become a program'
complete -c tabctl -n "__fish_tabctl_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tabctl -n "__fish_tabctl_using_subcommand ls" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tabctl -n "__fish_tabctl_using_subcommand ls" -s f -l filter -d 'Only tabs that match: a state, or KEY=TEXT with tab, state, agent, tag, task, folder' -r
complete -c tabctl -n "__fish_tabctl_using_subcommand ls" -s s -l sort -d 'Order of the rows' -r -f -a "tab\t'Name'
state\t'What needs you first'
age\t'Latest change first'
agent\t'Agent, then name'
place\t'Where it stands in the multiplexer'"
complete -c tabctl -n "__fish_tabctl_using_subcommand ls" -l json -d 'Print JSON'
complete -c tabctl -n "__fish_tabctl_using_subcommand ls" -l unbound -d 'Only the agents in panes that are no tabs, with the command that binds each'
complete -c tabctl -n "__fish_tabctl_using_subcommand ls" -s w -l wide -d 'Show every column, and cut nothing'
complete -c tabctl -n "__fish_tabctl_using_subcommand ls" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tabctl -n "__fish_tabctl_using_subcommand list" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tabctl -n "__fish_tabctl_using_subcommand list" -s f -l filter -d 'Only tabs that match: a state, or KEY=TEXT with tab, state, agent, tag, task, folder' -r
complete -c tabctl -n "__fish_tabctl_using_subcommand list" -s s -l sort -d 'Order of the rows' -r -f -a "tab\t'Name'
state\t'What needs you first'
age\t'Latest change first'
agent\t'Agent, then name'
place\t'Where it stands in the multiplexer'"
complete -c tabctl -n "__fish_tabctl_using_subcommand list" -l json -d 'Print JSON'
complete -c tabctl -n "__fish_tabctl_using_subcommand list" -l unbound -d 'Only the agents in panes that are no tabs, with the command that binds each'
complete -c tabctl -n "__fish_tabctl_using_subcommand list" -s w -l wide -d 'Show every column, and cut nothing'
complete -c tabctl -n "__fish_tabctl_using_subcommand list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tabctl -n "__fish_tabctl_using_subcommand new" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tabctl -n "__fish_tabctl_using_subcommand new" -s a -l agent -d 'The agent to start [default: the setting `agent`, else a shell]' -r
complete -c tabctl -n "__fish_tabctl_using_subcommand new" -s C -l dir -d 'The folder to work in [default: this one]' -r -F
complete -c tabctl -n "__fish_tabctl_using_subcommand new" -s t -l task -d 'Why this tab exists, in one line' -r
complete -c tabctl -n "__fish_tabctl_using_subcommand new" -l tag -d 'A tag; can be repeated' -r
complete -c tabctl -n "__fish_tabctl_using_subcommand new" -l session -d 'The multiplexer\'s session to put it into' -r
complete -c tabctl -n "__fish_tabctl_using_subcommand new" -s d -l detach -d 'Do not go there'
complete -c tabctl -n "__fish_tabctl_using_subcommand new" -l json -d 'Print JSON (and do not go there)'
complete -c tabctl -n "__fish_tabctl_using_subcommand new" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tabctl -n "__fish_tabctl_using_subcommand bind" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tabctl -n "__fish_tabctl_using_subcommand bind" -l session-id -d 'The agent\'s own conversation id [default: found]' -r
complete -c tabctl -n "__fish_tabctl_using_subcommand bind" -s t -l tab -d 'The tab: an existing one, or a new one of that name' -r
complete -c tabctl -n "__fish_tabctl_using_subcommand bind" -s C -l dir -d 'The folder of a new tab [default: the agent\'s]' -r -F
complete -c tabctl -n "__fish_tabctl_using_subcommand bind" -l pane -d 'The pane to adopt [default: this one]' -r
complete -c tabctl -n "__fish_tabctl_using_subcommand bind" -l instructions -d 'Tell the tab\'s agent to say what it does'
complete -c tabctl -n "__fish_tabctl_using_subcommand bind" -l no-instructions -d 'Take these instructions away again'
complete -c tabctl -n "__fish_tabctl_using_subcommand bind" -s y -l yes -d 'Do not ask before instructions are changed'
complete -c tabctl -n "__fish_tabctl_using_subcommand bind" -l json -d 'Print JSON'
complete -c tabctl -n "__fish_tabctl_using_subcommand bind" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tabctl -n "__fish_tabctl_using_subcommand resume" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tabctl -n "__fish_tabctl_using_subcommand resume" -s j -l jobs -d 'How many agents may be starting at the same time' -r
complete -c tabctl -n "__fish_tabctl_using_subcommand resume" -s n -l dry-run -d 'Show what would be done, and do nothing'
complete -c tabctl -n "__fish_tabctl_using_subcommand resume" -l fresh -d 'Start a new conversation in these tabs; the old id is kept in the history'
complete -c tabctl -n "__fish_tabctl_using_subcommand resume" -l fork -d 'Go on in copies of these tabs\' conversations; the old ids are kept in the history'
complete -c tabctl -n "__fish_tabctl_using_subcommand resume" -l with-notes -d 'Give the agents their restart notes, and what changed since, as their first prompt'
complete -c tabctl -n "__fish_tabctl_using_subcommand resume" -s y -l yes -d 'Bring back what would be asked about first'
complete -c tabctl -n "__fish_tabctl_using_subcommand resume" -s q -l quiet -d 'Ask nothing, and say only what did not come back'
complete -c tabctl -n "__fish_tabctl_using_subcommand resume" -l json -d 'Print JSON'
complete -c tabctl -n "__fish_tabctl_using_subcommand resume" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tabctl -n "__fish_tabctl_using_subcommand attach" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tabctl -n "__fish_tabctl_using_subcommand attach" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tabctl -n "__fish_tabctl_using_subcommand go" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tabctl -n "__fish_tabctl_using_subcommand go" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tabctl -n "__fish_tabctl_using_subcommand next" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tabctl -n "__fish_tabctl_using_subcommand next" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tabctl -n "__fish_tabctl_using_subcommand back" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tabctl -n "__fish_tabctl_using_subcommand back" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tabctl -n "__fish_tabctl_using_subcommand show" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tabctl -n "__fish_tabctl_using_subcommand show" -l json -d 'Print JSON: `row` as in `ls --json`, and `session` as in the file'
complete -c tabctl -n "__fish_tabctl_using_subcommand show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tabctl -n "__fish_tabctl_using_subcommand status" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tabctl -n "__fish_tabctl_using_subcommand status" -s m -l message -d 'Why, in a few words' -r
complete -c tabctl -n "__fish_tabctl_using_subcommand status" -s t -l tab -d 'The tab [default: the one you stand in]' -r
complete -c tabctl -n "__fish_tabctl_using_subcommand status" -l json -d 'Print JSON'
complete -c tabctl -n "__fish_tabctl_using_subcommand status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tabctl -n "__fish_tabctl_using_subcommand explain" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tabctl -n "__fish_tabctl_using_subcommand explain" -l replay -d 'Decide the evidence in this file again' -r -F
complete -c tabctl -n "__fish_tabctl_using_subcommand explain" -l agent -d 'The agent whose rules are asked' -r
complete -c tabctl -n "__fish_tabctl_using_subcommand explain" -l screen -d 'The screen, with or without colours; `-` is standard input' -r -F
complete -c tabctl -n "__fish_tabctl_using_subcommand explain" -l title -d 'The terminal\'s title that belongs to it' -r
complete -c tabctl -n "__fish_tabctl_using_subcommand explain" -l json -d 'Print JSON'
complete -c tabctl -n "__fish_tabctl_using_subcommand explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tabctl -n "__fish_tabctl_using_subcommand wait" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tabctl -n "__fish_tabctl_using_subcommand wait" -l for -d 'The state, or several' -r -f -a "attention\t'A person has to answer or decide'
thinking\t'At work'
idle\t'Ready for the next instruction'
running\t'A command runs'
shell\t'An empty prompt: the agent has ended'
done\t'A job ended well'
failed\t'A job or a start failed'
down\t'No live pane'"
complete -c tabctl -n "__fish_tabctl_using_subcommand wait" -l timeout -d 'How long at most: 500ms, 30s, 5m, 2h [default: for ever]' -r
complete -c tabctl -n "__fish_tabctl_using_subcommand wait" -l any -d 'One tab is enough'
complete -c tabctl -n "__fish_tabctl_using_subcommand wait" -l all -d 'All of them must have it [default]'
complete -c tabctl -n "__fish_tabctl_using_subcommand wait" -l json -d 'Print JSON: the rows that reached it, as in `ls --json`'
complete -c tabctl -n "__fish_tabctl_using_subcommand wait" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tabctl -n "__fish_tabctl_using_subcommand task" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tabctl -n "__fish_tabctl_using_subcommand task" -s t -l tab -d 'The tab [default: the one you stand in]' -r
complete -c tabctl -n "__fish_tabctl_using_subcommand task" -l clear -d 'Take the task away'
complete -c tabctl -n "__fish_tabctl_using_subcommand task" -l json -d 'Print JSON'
complete -c tabctl -n "__fish_tabctl_using_subcommand task" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tabctl -n "__fish_tabctl_using_subcommand note" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tabctl -n "__fish_tabctl_using_subcommand note" -s t -l tab -d 'The tab [default: the one you stand in]' -r
complete -c tabctl -n "__fish_tabctl_using_subcommand note" -l done -d 'Take the note with this number away' -r
complete -c tabctl -n "__fish_tabctl_using_subcommand note" -l from-agent -d 'Sign as the agent that runs this, in its own tab'
complete -c tabctl -n "__fish_tabctl_using_subcommand note" -l clear -d 'Take all notes away'
complete -c tabctl -n "__fish_tabctl_using_subcommand note" -l json -d 'Print JSON'
complete -c tabctl -n "__fish_tabctl_using_subcommand note" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tabctl -n "__fish_tabctl_using_subcommand log" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tabctl -n "__fish_tabctl_using_subcommand log" -l actor -d 'Only what this actor did' -r
complete -c tabctl -n "__fish_tabctl_using_subcommand log" -l since -d 'Only from then on: 90s, 10m, 2h, 3d, or a date with or without a time' -r
complete -c tabctl -n "__fish_tabctl_using_subcommand log" -s n -l lines -d 'The newest lines only; 0 for all' -r
complete -c tabctl -n "__fish_tabctl_using_subcommand log" -l verify -d 'Look whether all is as it was written'
complete -c tabctl -n "__fish_tabctl_using_subcommand log" -l json -d 'Print JSON'
complete -c tabctl -n "__fish_tabctl_using_subcommand log" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tabctl -n "__fish_tabctl_using_subcommand tag" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tabctl -n "__fish_tabctl_using_subcommand tag" -s r -l remove -d 'A tag to take off; can be repeated' -r
complete -c tabctl -n "__fish_tabctl_using_subcommand tag" -s t -l tab -d 'The tab [default: the one you stand in]' -r
complete -c tabctl -n "__fish_tabctl_using_subcommand tag" -l json -d 'Print JSON'
complete -c tabctl -n "__fish_tabctl_using_subcommand tag" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tabctl -n "__fish_tabctl_using_subcommand rename" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tabctl -n "__fish_tabctl_using_subcommand rename" -l force -d 'Rename a locked tab'
complete -c tabctl -n "__fish_tabctl_using_subcommand rename" -l json -d 'Print JSON'
complete -c tabctl -n "__fish_tabctl_using_subcommand rename" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tabctl -n "__fish_tabctl_using_subcommand lock" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tabctl -n "__fish_tabctl_using_subcommand lock" -l json -d 'Print JSON'
complete -c tabctl -n "__fish_tabctl_using_subcommand lock" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tabctl -n "__fish_tabctl_using_subcommand unlock" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tabctl -n "__fish_tabctl_using_subcommand unlock" -l json -d 'Print JSON'
complete -c tabctl -n "__fish_tabctl_using_subcommand unlock" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tabctl -n "__fish_tabctl_using_subcommand close" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tabctl -n "__fish_tabctl_using_subcommand close" -s y -l yes -d 'Do not ask'
complete -c tabctl -n "__fish_tabctl_using_subcommand close" -l force -d 'Close a locked tab'
complete -c tabctl -n "__fish_tabctl_using_subcommand close" -l json -d 'Print JSON'
complete -c tabctl -n "__fish_tabctl_using_subcommand close" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tabctl -n "__fish_tabctl_using_subcommand rm" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tabctl -n "__fish_tabctl_using_subcommand rm" -l keep-file -d 'Leave the session file where it is'
complete -c tabctl -n "__fish_tabctl_using_subcommand rm" -s y -l yes -d 'Do not ask'
complete -c tabctl -n "__fish_tabctl_using_subcommand rm" -l force -d 'Remove a locked tab'
complete -c tabctl -n "__fish_tabctl_using_subcommand rm" -l json -d 'Print JSON'
complete -c tabctl -n "__fish_tabctl_using_subcommand rm" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tabctl -n "__fish_tabctl_using_subcommand trust" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tabctl -n "__fish_tabctl_using_subcommand trust" -l json -d 'Print as JSON what it would run, and approve nothing'
complete -c tabctl -n "__fish_tabctl_using_subcommand trust" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tabctl -n "__fish_tabctl_using_subcommand hooks; and not __fish_seen_subcommand_from install check uninstall help" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tabctl -n "__fish_tabctl_using_subcommand hooks; and not __fish_seen_subcommand_from install check uninstall help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tabctl -n "__fish_tabctl_using_subcommand hooks; and not __fish_seen_subcommand_from install check uninstall help" -f -a "install" -d 'Put the hooks into the agents\' settings, or repair them'
complete -c tabctl -n "__fish_tabctl_using_subcommand hooks; and not __fish_seen_subcommand_from install check uninstall help" -f -a "check" -d 'Say which hooks are there; exit code 0 only if all are'
complete -c tabctl -n "__fish_tabctl_using_subcommand hooks; and not __fish_seen_subcommand_from install check uninstall help" -f -a "uninstall" -d 'Take the hooks out of the agents\' settings'
complete -c tabctl -n "__fish_tabctl_using_subcommand hooks; and not __fish_seen_subcommand_from install check uninstall help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tabctl -n "__fish_tabctl_using_subcommand hooks; and __fish_seen_subcommand_from install" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tabctl -n "__fish_tabctl_using_subcommand hooks; and __fish_seen_subcommand_from install" -l all -d 'All agents that are installed'
complete -c tabctl -n "__fish_tabctl_using_subcommand hooks; and __fish_seen_subcommand_from install" -l dry-run -d 'Show what would change, and change nothing'
complete -c tabctl -n "__fish_tabctl_using_subcommand hooks; and __fish_seen_subcommand_from install" -l yes -d 'Do not ask'
complete -c tabctl -n "__fish_tabctl_using_subcommand hooks; and __fish_seen_subcommand_from install" -l json -d 'Print JSON'
complete -c tabctl -n "__fish_tabctl_using_subcommand hooks; and __fish_seen_subcommand_from install" -s h -l help -d 'Print help'
complete -c tabctl -n "__fish_tabctl_using_subcommand hooks; and __fish_seen_subcommand_from check" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tabctl -n "__fish_tabctl_using_subcommand hooks; and __fish_seen_subcommand_from check" -l all -d 'All agents that are installed'
complete -c tabctl -n "__fish_tabctl_using_subcommand hooks; and __fish_seen_subcommand_from check" -l json -d 'Print JSON'
complete -c tabctl -n "__fish_tabctl_using_subcommand hooks; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help'
complete -c tabctl -n "__fish_tabctl_using_subcommand hooks; and __fish_seen_subcommand_from uninstall" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tabctl -n "__fish_tabctl_using_subcommand hooks; and __fish_seen_subcommand_from uninstall" -l all -d 'All agents that are installed'
complete -c tabctl -n "__fish_tabctl_using_subcommand hooks; and __fish_seen_subcommand_from uninstall" -l dry-run -d 'Show what would change, and change nothing'
complete -c tabctl -n "__fish_tabctl_using_subcommand hooks; and __fish_seen_subcommand_from uninstall" -l yes -d 'Do not ask'
complete -c tabctl -n "__fish_tabctl_using_subcommand hooks; and __fish_seen_subcommand_from uninstall" -l json -d 'Print JSON'
complete -c tabctl -n "__fish_tabctl_using_subcommand hooks; and __fish_seen_subcommand_from uninstall" -s h -l help -d 'Print help'
complete -c tabctl -n "__fish_tabctl_using_subcommand hooks; and __fish_seen_subcommand_from help" -f -a "install" -d 'Put the hooks into the agents\' settings, or repair them'
complete -c tabctl -n "__fish_tabctl_using_subcommand hooks; and __fish_seen_subcommand_from help" -f -a "check" -d 'Say which hooks are there; exit code 0 only if all are'
complete -c tabctl -n "__fish_tabctl_using_subcommand hooks; and __fish_seen_subcommand_from help" -f -a "uninstall" -d 'Take the hooks out of the agents\' settings'
complete -c tabctl -n "__fish_tabctl_using_subcommand hooks; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tabctl -n "__fish_tabctl_using_subcommand init" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tabctl -n "__fish_tabctl_using_subcommand init" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tabctl -n "__fish_tabctl_using_subcommand prompt" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tabctl -n "__fish_tabctl_using_subcommand prompt" -s f -l format -d 'What to print of it' -r
complete -c tabctl -n "__fish_tabctl_using_subcommand prompt" -l json -d 'Print JSON'
complete -c tabctl -n "__fish_tabctl_using_subcommand prompt" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tabctl -n "__fish_tabctl_using_subcommand history" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tabctl -n "__fish_tabctl_using_subcommand history" -s n -l lines -d 'The newest so many' -r
complete -c tabctl -n "__fish_tabctl_using_subcommand history" -s f -l failed -d 'Only what ended with another code than 0'
complete -c tabctl -n "__fish_tabctl_using_subcommand history" -l json -d 'Print JSON'
complete -c tabctl -n "__fish_tabctl_using_subcommand history" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tabctl -n "__fish_tabctl_using_subcommand tmux-conf" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tabctl -n "__fish_tabctl_using_subcommand tmux-conf" -l no-keys -d 'Leave the keys out'
complete -c tabctl -n "__fish_tabctl_using_subcommand tmux-conf" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tabctl -n "__fish_tabctl_using_subcommand notify; and not __fish_seen_subcommand_from test help" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tabctl -n "__fish_tabctl_using_subcommand notify; and not __fish_seen_subcommand_from test help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tabctl -n "__fish_tabctl_using_subcommand notify; and not __fish_seen_subcommand_from test help" -f -a "test" -d 'Send one now, and say what was done and what is missing'
complete -c tabctl -n "__fish_tabctl_using_subcommand notify; and not __fish_seen_subcommand_from test help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tabctl -n "__fish_tabctl_using_subcommand notify; and __fish_seen_subcommand_from test" -l channel -d 'By this channel, whatever is set; can stand several times' -r -f -a "bell\t'The terminal\'s bell'
desktop\t'notify-send or osascript'
terminal\t'The terminal around tmux'
command\t'Your own program'"
complete -c tabctl -n "__fish_tabctl_using_subcommand notify; and __fish_seen_subcommand_from test" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tabctl -n "__fish_tabctl_using_subcommand notify; and __fish_seen_subcommand_from test" -l json -d 'Print JSON'
complete -c tabctl -n "__fish_tabctl_using_subcommand notify; and __fish_seen_subcommand_from test" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tabctl -n "__fish_tabctl_using_subcommand notify; and __fish_seen_subcommand_from help" -f -a "test" -d 'Send one now, and say what was done and what is missing'
complete -c tabctl -n "__fish_tabctl_using_subcommand notify; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tabctl -n "__fish_tabctl_using_subcommand autostart; and not __fish_seen_subcommand_from enable disable status help" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tabctl -n "__fish_tabctl_using_subcommand autostart; and not __fish_seen_subcommand_from enable disable status help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tabctl -n "__fish_tabctl_using_subcommand autostart; and not __fish_seen_subcommand_from enable disable status help" -f -a "enable" -d 'Bring the tabs back after each boot, or bring that up to date'
complete -c tabctl -n "__fish_tabctl_using_subcommand autostart; and not __fish_seen_subcommand_from enable disable status help" -f -a "disable" -d 'Do it no more'
complete -c tabctl -n "__fish_tabctl_using_subcommand autostart; and not __fish_seen_subcommand_from enable disable status help" -f -a "status" -d 'Say how it stands'
complete -c tabctl -n "__fish_tabctl_using_subcommand autostart; and not __fish_seen_subcommand_from enable disable status help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tabctl -n "__fish_tabctl_using_subcommand autostart; and __fish_seen_subcommand_from enable" -l manager -d 'As if this were what the system has' -r -f -a "systemd\t''
launchd\t''"
complete -c tabctl -n "__fish_tabctl_using_subcommand autostart; and __fish_seen_subcommand_from enable" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tabctl -n "__fish_tabctl_using_subcommand autostart; and __fish_seen_subcommand_from enable" -l linger -d 'Also let your programs run without a login (loginctl enable-linger)'
complete -c tabctl -n "__fish_tabctl_using_subcommand autostart; and __fish_seen_subcommand_from enable" -l json -d 'Print JSON'
complete -c tabctl -n "__fish_tabctl_using_subcommand autostart; and __fish_seen_subcommand_from enable" -s h -l help -d 'Print help'
complete -c tabctl -n "__fish_tabctl_using_subcommand autostart; and __fish_seen_subcommand_from disable" -l manager -d 'As if this were what the system has' -r -f -a "systemd\t''
launchd\t''"
complete -c tabctl -n "__fish_tabctl_using_subcommand autostart; and __fish_seen_subcommand_from disable" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tabctl -n "__fish_tabctl_using_subcommand autostart; and __fish_seen_subcommand_from disable" -l json -d 'Print JSON'
complete -c tabctl -n "__fish_tabctl_using_subcommand autostart; and __fish_seen_subcommand_from disable" -s h -l help -d 'Print help'
complete -c tabctl -n "__fish_tabctl_using_subcommand autostart; and __fish_seen_subcommand_from status" -l manager -d 'As if this were what the system has' -r -f -a "systemd\t''
launchd\t''"
complete -c tabctl -n "__fish_tabctl_using_subcommand autostart; and __fish_seen_subcommand_from status" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tabctl -n "__fish_tabctl_using_subcommand autostart; and __fish_seen_subcommand_from status" -l json -d 'Print JSON'
complete -c tabctl -n "__fish_tabctl_using_subcommand autostart; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help'
complete -c tabctl -n "__fish_tabctl_using_subcommand autostart; and __fish_seen_subcommand_from help" -f -a "enable" -d 'Bring the tabs back after each boot, or bring that up to date'
complete -c tabctl -n "__fish_tabctl_using_subcommand autostart; and __fish_seen_subcommand_from help" -f -a "disable" -d 'Do it no more'
complete -c tabctl -n "__fish_tabctl_using_subcommand autostart; and __fish_seen_subcommand_from help" -f -a "status" -d 'Say how it stands'
complete -c tabctl -n "__fish_tabctl_using_subcommand autostart; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tabctl -n "__fish_tabctl_using_subcommand doctor" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tabctl -n "__fish_tabctl_using_subcommand doctor" -l scan -d 'Register the session files below DIR (after a move, a restore, a lost index)' -r -F
complete -c tabctl -n "__fish_tabctl_using_subcommand doctor" -l restore -d 'Put TAB\'s lost session file back, as it last was' -r
complete -c tabctl -n "__fish_tabctl_using_subcommand doctor" -l fix -d 'Mend what crashes left behind and session files that do not parse'
complete -c tabctl -n "__fish_tabctl_using_subcommand doctor" -s y -l yes -d 'Do not ask'
complete -c tabctl -n "__fish_tabctl_using_subcommand doctor" -l json -d 'Print JSON'
complete -c tabctl -n "__fish_tabctl_using_subcommand doctor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tabctl -n "__fish_tabctl_using_subcommand config" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tabctl -n "__fish_tabctl_using_subcommand config" -l json -d 'Print JSON'
complete -c tabctl -n "__fish_tabctl_using_subcommand config" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tabctl -n "__fish_tabctl_using_subcommand demo" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tabctl -n "__fish_tabctl_using_subcommand demo" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tabctl -n "__fish_tabctl_using_subcommand selftest" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tabctl -n "__fish_tabctl_using_subcommand selftest" -l real -d 'Use this agent of yours' -r
complete -c tabctl -n "__fish_tabctl_using_subcommand selftest" -s C -l dir -d 'Start it in this folder, which it trusts [default: a new one]' -r -F
complete -c tabctl -n "__fish_tabctl_using_subcommand selftest" -l yes -d 'Do not ask'
complete -c tabctl -n "__fish_tabctl_using_subcommand selftest" -l keep -d 'Leave the private server and its folder, and say where'
complete -c tabctl -n "__fish_tabctl_using_subcommand selftest" -l json -d 'Print JSON'
complete -c tabctl -n "__fish_tabctl_using_subcommand selftest" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tabctl -n "__fish_tabctl_using_subcommand completions" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tabctl -n "__fish_tabctl_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tabctl -n "__fish_tabctl_using_subcommand man" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tabctl -n "__fish_tabctl_using_subcommand man" -l dir -d 'Write the pages of all commands into this folder' -r -F
complete -c tabctl -n "__fish_tabctl_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tabctl -n "__fish_tabctl_using_subcommand hook" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tabctl -n "__fish_tabctl_using_subcommand hook" -l event -d 'The event, where the payload does not name it' -r
complete -c tabctl -n "__fish_tabctl_using_subcommand hook" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tabctl -n "__fish_tabctl_using_subcommand runner" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tabctl -n "__fish_tabctl_using_subcommand runner" -l shell -d 'Become the plain shell that stood beside it, as this part of its window' -r
complete -c tabctl -n "__fish_tabctl_using_subcommand runner" -s h -l help -d 'Print help'
complete -c tabctl -n "__fish_tabctl_using_subcommand keep" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tabctl -n "__fish_tabctl_using_subcommand keep" -s h -l help -d 'Print help'
complete -c tabctl -n "__fish_tabctl_using_subcommand demo-agent" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tabctl -n "__fish_tabctl_using_subcommand demo-agent" -l session-id -d 'Start a conversation under this id' -r
complete -c tabctl -n "__fish_tabctl_using_subcommand demo-agent" -l resume -d 'Go on with this conversation' -r
complete -c tabctl -n "__fish_tabctl_using_subcommand demo-agent" -l model -d 'Any word: it is shown in the greeting' -r
complete -c tabctl -n "__fish_tabctl_using_subcommand demo-agent" -l yolo -d 'Answer everything without asking (it never asks anyway)'
complete -c tabctl -n "__fish_tabctl_using_subcommand demo-agent" -s h -l help -d 'Print help'
complete -c tabctl -n "__fish_tabctl_using_subcommand take-terminal" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tabctl -n "__fish_tabctl_using_subcommand take-terminal" -s h -l help -d 'Print help'
complete -c tabctl -n "__fish_tabctl_using_subcommand help; and not __fish_seen_subcommand_from ls new bind resume attach next back show status explain wait task note log tag rename lock unlock close rm trust hooks init prompt history tmux-conf notify autostart doctor config demo selftest completions man hook runner keep demo-agent take-terminal help" -f -a "ls"
complete -c tabctl -n "__fish_tabctl_using_subcommand help; and not __fish_seen_subcommand_from ls new bind resume attach next back show status explain wait task note log tag rename lock unlock close rm trust hooks init prompt history tmux-conf notify autostart doctor config demo selftest completions man hook runner keep demo-agent take-terminal help" -f -a "new"
complete -c tabctl -n "__fish_tabctl_using_subcommand help; and not __fish_seen_subcommand_from ls new bind resume attach next back show status explain wait task note log tag rename lock unlock close rm trust hooks init prompt history tmux-conf notify autostart doctor config demo selftest completions man hook runner keep demo-agent take-terminal help" -f -a "bind"
complete -c tabctl -n "__fish_tabctl_using_subcommand help; and not __fish_seen_subcommand_from ls new bind resume attach next back show status explain wait task note log tag rename lock unlock close rm trust hooks init prompt history tmux-conf notify autostart doctor config demo selftest completions man hook runner keep demo-agent take-terminal help" -f -a "resume"
complete -c tabctl -n "__fish_tabctl_using_subcommand help; and not __fish_seen_subcommand_from ls new bind resume attach next back show status explain wait task note log tag rename lock unlock close rm trust hooks init prompt history tmux-conf notify autostart doctor config demo selftest completions man hook runner keep demo-agent take-terminal help" -f -a "attach"
complete -c tabctl -n "__fish_tabctl_using_subcommand help; and not __fish_seen_subcommand_from ls new bind resume attach next back show status explain wait task note log tag rename lock unlock close rm trust hooks init prompt history tmux-conf notify autostart doctor config demo selftest completions man hook runner keep demo-agent take-terminal help" -f -a "next"
complete -c tabctl -n "__fish_tabctl_using_subcommand help; and not __fish_seen_subcommand_from ls new bind resume attach next back show status explain wait task note log tag rename lock unlock close rm trust hooks init prompt history tmux-conf notify autostart doctor config demo selftest completions man hook runner keep demo-agent take-terminal help" -f -a "back"
complete -c tabctl -n "__fish_tabctl_using_subcommand help; and not __fish_seen_subcommand_from ls new bind resume attach next back show status explain wait task note log tag rename lock unlock close rm trust hooks init prompt history tmux-conf notify autostart doctor config demo selftest completions man hook runner keep demo-agent take-terminal help" -f -a "show"
complete -c tabctl -n "__fish_tabctl_using_subcommand help; and not __fish_seen_subcommand_from ls new bind resume attach next back show status explain wait task note log tag rename lock unlock close rm trust hooks init prompt history tmux-conf notify autostart doctor config demo selftest completions man hook runner keep demo-agent take-terminal help" -f -a "status"
complete -c tabctl -n "__fish_tabctl_using_subcommand help; and not __fish_seen_subcommand_from ls new bind resume attach next back show status explain wait task note log tag rename lock unlock close rm trust hooks init prompt history tmux-conf notify autostart doctor config demo selftest completions man hook runner keep demo-agent take-terminal help" -f -a "explain"
complete -c tabctl -n "__fish_tabctl_using_subcommand help; and not __fish_seen_subcommand_from ls new bind resume attach next back show status explain wait task note log tag rename lock unlock close rm trust hooks init prompt history tmux-conf notify autostart doctor config demo selftest completions man hook runner keep demo-agent take-terminal help" -f -a "wait"
complete -c tabctl -n "__fish_tabctl_using_subcommand help; and not __fish_seen_subcommand_from ls new bind resume attach next back show status explain wait task note log tag rename lock unlock close rm trust hooks init prompt history tmux-conf notify autostart doctor config demo selftest completions man hook runner keep demo-agent take-terminal help" -f -a "task"
complete -c tabctl -n "__fish_tabctl_using_subcommand help; and not __fish_seen_subcommand_from ls new bind resume attach next back show status explain wait task note log tag rename lock unlock close rm trust hooks init prompt history tmux-conf notify autostart doctor config demo selftest completions man hook runner keep demo-agent take-terminal help" -f -a "note"
complete -c tabctl -n "__fish_tabctl_using_subcommand help; and not __fish_seen_subcommand_from ls new bind resume attach next back show status explain wait task note log tag rename lock unlock close rm trust hooks init prompt history tmux-conf notify autostart doctor config demo selftest completions man hook runner keep demo-agent take-terminal help" -f -a "log"
complete -c tabctl -n "__fish_tabctl_using_subcommand help; and not __fish_seen_subcommand_from ls new bind resume attach next back show status explain wait task note log tag rename lock unlock close rm trust hooks init prompt history tmux-conf notify autostart doctor config demo selftest completions man hook runner keep demo-agent take-terminal help" -f -a "tag"
complete -c tabctl -n "__fish_tabctl_using_subcommand help; and not __fish_seen_subcommand_from ls new bind resume attach next back show status explain wait task note log tag rename lock unlock close rm trust hooks init prompt history tmux-conf notify autostart doctor config demo selftest completions man hook runner keep demo-agent take-terminal help" -f -a "rename"
complete -c tabctl -n "__fish_tabctl_using_subcommand help; and not __fish_seen_subcommand_from ls new bind resume attach next back show status explain wait task note log tag rename lock unlock close rm trust hooks init prompt history tmux-conf notify autostart doctor config demo selftest completions man hook runner keep demo-agent take-terminal help" -f -a "lock"
complete -c tabctl -n "__fish_tabctl_using_subcommand help; and not __fish_seen_subcommand_from ls new bind resume attach next back show status explain wait task note log tag rename lock unlock close rm trust hooks init prompt history tmux-conf notify autostart doctor config demo selftest completions man hook runner keep demo-agent take-terminal help" -f -a "unlock"
complete -c tabctl -n "__fish_tabctl_using_subcommand help; and not __fish_seen_subcommand_from ls new bind resume attach next back show status explain wait task note log tag rename lock unlock close rm trust hooks init prompt history tmux-conf notify autostart doctor config demo selftest completions man hook runner keep demo-agent take-terminal help" -f -a "close"
complete -c tabctl -n "__fish_tabctl_using_subcommand help; and not __fish_seen_subcommand_from ls new bind resume attach next back show status explain wait task note log tag rename lock unlock close rm trust hooks init prompt history tmux-conf notify autostart doctor config demo selftest completions man hook runner keep demo-agent take-terminal help" -f -a "rm"
complete -c tabctl -n "__fish_tabctl_using_subcommand help; and not __fish_seen_subcommand_from ls new bind resume attach next back show status explain wait task note log tag rename lock unlock close rm trust hooks init prompt history tmux-conf notify autostart doctor config demo selftest completions man hook runner keep demo-agent take-terminal help" -f -a "trust"
complete -c tabctl -n "__fish_tabctl_using_subcommand help; and not __fish_seen_subcommand_from ls new bind resume attach next back show status explain wait task note log tag rename lock unlock close rm trust hooks init prompt history tmux-conf notify autostart doctor config demo selftest completions man hook runner keep demo-agent take-terminal help" -f -a "hooks"
complete -c tabctl -n "__fish_tabctl_using_subcommand help; and not __fish_seen_subcommand_from ls new bind resume attach next back show status explain wait task note log tag rename lock unlock close rm trust hooks init prompt history tmux-conf notify autostart doctor config demo selftest completions man hook runner keep demo-agent take-terminal help" -f -a "init"
complete -c tabctl -n "__fish_tabctl_using_subcommand help; and not __fish_seen_subcommand_from ls new bind resume attach next back show status explain wait task note log tag rename lock unlock close rm trust hooks init prompt history tmux-conf notify autostart doctor config demo selftest completions man hook runner keep demo-agent take-terminal help" -f -a "prompt"
complete -c tabctl -n "__fish_tabctl_using_subcommand help; and not __fish_seen_subcommand_from ls new bind resume attach next back show status explain wait task note log tag rename lock unlock close rm trust hooks init prompt history tmux-conf notify autostart doctor config demo selftest completions man hook runner keep demo-agent take-terminal help" -f -a "history"
complete -c tabctl -n "__fish_tabctl_using_subcommand help; and not __fish_seen_subcommand_from ls new bind resume attach next back show status explain wait task note log tag rename lock unlock close rm trust hooks init prompt history tmux-conf notify autostart doctor config demo selftest completions man hook runner keep demo-agent take-terminal help" -f -a "tmux-conf"
complete -c tabctl -n "__fish_tabctl_using_subcommand help; and not __fish_seen_subcommand_from ls new bind resume attach next back show status explain wait task note log tag rename lock unlock close rm trust hooks init prompt history tmux-conf notify autostart doctor config demo selftest completions man hook runner keep demo-agent take-terminal help" -f -a "notify"
complete -c tabctl -n "__fish_tabctl_using_subcommand help; and not __fish_seen_subcommand_from ls new bind resume attach next back show status explain wait task note log tag rename lock unlock close rm trust hooks init prompt history tmux-conf notify autostart doctor config demo selftest completions man hook runner keep demo-agent take-terminal help" -f -a "autostart"
complete -c tabctl -n "__fish_tabctl_using_subcommand help; and not __fish_seen_subcommand_from ls new bind resume attach next back show status explain wait task note log tag rename lock unlock close rm trust hooks init prompt history tmux-conf notify autostart doctor config demo selftest completions man hook runner keep demo-agent take-terminal help" -f -a "doctor"
complete -c tabctl -n "__fish_tabctl_using_subcommand help; and not __fish_seen_subcommand_from ls new bind resume attach next back show status explain wait task note log tag rename lock unlock close rm trust hooks init prompt history tmux-conf notify autostart doctor config demo selftest completions man hook runner keep demo-agent take-terminal help" -f -a "config"
complete -c tabctl -n "__fish_tabctl_using_subcommand help; and not __fish_seen_subcommand_from ls new bind resume attach next back show status explain wait task note log tag rename lock unlock close rm trust hooks init prompt history tmux-conf notify autostart doctor config demo selftest completions man hook runner keep demo-agent take-terminal help" -f -a "demo"
complete -c tabctl -n "__fish_tabctl_using_subcommand help; and not __fish_seen_subcommand_from ls new bind resume attach next back show status explain wait task note log tag rename lock unlock close rm trust hooks init prompt history tmux-conf notify autostart doctor config demo selftest completions man hook runner keep demo-agent take-terminal help" -f -a "selftest"
complete -c tabctl -n "__fish_tabctl_using_subcommand help; and not __fish_seen_subcommand_from ls new bind resume attach next back show status explain wait task note log tag rename lock unlock close rm trust hooks init prompt history tmux-conf notify autostart doctor config demo selftest completions man hook runner keep demo-agent take-terminal help" -f -a "completions"
complete -c tabctl -n "__fish_tabctl_using_subcommand help; and not __fish_seen_subcommand_from ls new bind resume attach next back show status explain wait task note log tag rename lock unlock close rm trust hooks init prompt history tmux-conf notify autostart doctor config demo selftest completions man hook runner keep demo-agent take-terminal help" -f -a "man"
complete -c tabctl -n "__fish_tabctl_using_subcommand help; and not __fish_seen_subcommand_from ls new bind resume attach next back show status explain wait task note log tag rename lock unlock close rm trust hooks init prompt history tmux-conf notify autostart doctor config demo selftest completions man hook runner keep demo-agent take-terminal help" -f -a "hook"
complete -c tabctl -n "__fish_tabctl_using_subcommand help; and not __fish_seen_subcommand_from ls new bind resume attach next back show status explain wait task note log tag rename lock unlock close rm trust hooks init prompt history tmux-conf notify autostart doctor config demo selftest completions man hook runner keep demo-agent take-terminal help" -f -a "runner"
complete -c tabctl -n "__fish_tabctl_using_subcommand help; and not __fish_seen_subcommand_from ls new bind resume attach next back show status explain wait task note log tag rename lock unlock close rm trust hooks init prompt history tmux-conf notify autostart doctor config demo selftest completions man hook runner keep demo-agent take-terminal help" -f -a "keep"
complete -c tabctl -n "__fish_tabctl_using_subcommand help; and not __fish_seen_subcommand_from ls new bind resume attach next back show status explain wait task note log tag rename lock unlock close rm trust hooks init prompt history tmux-conf notify autostart doctor config demo selftest completions man hook runner keep demo-agent take-terminal help" -f -a "demo-agent"
complete -c tabctl -n "__fish_tabctl_using_subcommand help; and not __fish_seen_subcommand_from ls new bind resume attach next back show status explain wait task note log tag rename lock unlock close rm trust hooks init prompt history tmux-conf notify autostart doctor config demo selftest completions man hook runner keep demo-agent take-terminal help" -f -a "take-terminal"
complete -c tabctl -n "__fish_tabctl_using_subcommand help; and not __fish_seen_subcommand_from ls new bind resume attach next back show status explain wait task note log tag rename lock unlock close rm trust hooks init prompt history tmux-conf notify autostart doctor config demo selftest completions man hook runner keep demo-agent take-terminal help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
