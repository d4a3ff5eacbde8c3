
use builtin;
use str;

set edit:completion:arg-completer[tabctl] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'tabctl'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'tabctl'= {
            cand --color 'When to use colours'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand ls 'List the tabs: what each is doing, and why it exists'
            cand list 'List the tabs: what each is doing, and why it exists'
            cand new 'Make a tab, and start an agent in it'
            cand bind 'Bind a running agent, or a conversation, to a tab'
            cand resume 'Bring tabs back with their own conversations'
            cand attach 'Go to a tab'
            cand go 'Go to a tab'
            cand next 'Go to the next tab that needs you'
            cand back 'Go back to where `next` and `go` took you from'
            cand show 'Show everything about a tab'
            cand status 'Say or show what a tab is doing'
            cand explain 'Say why a state is shown'
            cand wait 'Wait until tabs need you, are idle, or are done'
            cand task 'Say or show why a tab exists'
            cand note 'Write or show what to know when coming back to a tab'
            cand log 'Show what was done with tabs, when and by whom'
            cand tag 'Add, remove or show the tags of a tab'
            cand rename 'Give a tab another name'
            cand lock 'Protect a tab from renaming, closing and removing'
            cand unlock 'Take the lock off a tab'
            cand close 'Close a tab''s window; `resume` brings it back'
            cand rm 'Take a tab out of the list, with its session file'
            cand trust 'Look at what a session file would run, and approve it'
            cand hooks 'Register tabctl''s hooks with the agents, or check them'
            cand init 'Print what a shell loads to show and remember its tab'
            cand prompt 'Print the tab for a prompt, a status line or a bar'
            cand history 'Show the commands that were typed in a tab'
            cand tmux-conf 'Print the lines for tmux.conf: glyphs, counts and keys'
            cand notify 'Try how you are told that a tab needs you'
            cand autostart 'Bring the tabs back when the machine starts'
            cand doctor 'Check what tabctl relies on, and what is broken'
            cand config 'Show the settings, and where each comes from'
            cand demo 'Show the main job on a private tmux server'
            cand selftest 'Rehearse a reboot, and compare before and after'
            cand completions 'Print the completions of a shell'
            cand man 'Print a man page, or write them all'
            cand hook 'Take in an event of an agent; the agents'' hooks call this'
            cand runner 'Hold a tab: start its agent as ordered, then become the shell'
            cand keep 'Keep a tab that was adopted: its glyph in tmux, and its notifications'
            cand demo-agent 'Hold a conversation that is kept on disk'
            cand take-terminal 'Take standard input for the terminal, then become a program'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'tabctl;ls'= {
            cand --color 'When to use colours'
            cand -f 'Only tabs that match: a state, or KEY=TEXT with tab, state, agent, tag, task, folder'
            cand --filter 'Only tabs that match: a state, or KEY=TEXT with tab, state, agent, tag, task, folder'
            cand -s 'Order of the rows'
            cand --sort 'Order of the rows'
            cand --json 'Print JSON'
            cand --unbound 'Only the agents in panes that are no tabs, with the command that binds each'
            cand -w 'Show every column, and cut nothing'
            cand --wide 'Show every column, and cut nothing'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'tabctl;list'= {
            cand --color 'When to use colours'
            cand -f 'Only tabs that match: a state, or KEY=TEXT with tab, state, agent, tag, task, folder'
            cand --filter 'Only tabs that match: a state, or KEY=TEXT with tab, state, agent, tag, task, folder'
            cand -s 'Order of the rows'
            cand --sort 'Order of the rows'
            cand --json 'Print JSON'
            cand --unbound 'Only the agents in panes that are no tabs, with the command that binds each'
            cand -w 'Show every column, and cut nothing'
            cand --wide 'Show every column, and cut nothing'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'tabctl;new'= {
            cand --color 'When to use colours'
            cand -a 'The agent to start [default: the setting `agent`, else a shell]'
            cand --agent 'The agent to start [default: the setting `agent`, else a shell]'
            cand -C 'The folder to work in [default: this one]'
            cand --dir 'The folder to work in [default: this one]'
            cand -t 'Why this tab exists, in one line'
            cand --task 'Why this tab exists, in one line'
            cand --tag 'A tag; can be repeated'
            cand --session 'The multiplexer''s session to put it into'
            cand -d 'Do not go there'
            cand --detach 'Do not go there'
            cand --json 'Print JSON (and do not go there)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'tabctl;bind'= {
            cand --color 'When to use colours'
            cand --session-id 'The agent''s own conversation id [default: found]'
            cand -t 'The tab: an existing one, or a new one of that name'
            cand --tab 'The tab: an existing one, or a new one of that name'
            cand -C 'The folder of a new tab [default: the agent''s]'
            cand --dir 'The folder of a new tab [default: the agent''s]'
            cand --pane 'The pane to adopt [default: this one]'
            cand --instructions 'Tell the tab''s agent to say what it does'
            cand --no-instructions 'Take these instructions away again'
            cand -y 'Do not ask before instructions are changed'
            cand --yes 'Do not ask before instructions are changed'
            cand --json 'Print JSON'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'tabctl;resume'= {
            cand --color 'When to use colours'
            cand -j 'How many agents may be starting at the same time'
            cand --jobs 'How many agents may be starting at the same time'
            cand -n 'Show what would be done, and do nothing'
            cand --dry-run 'Show what would be done, and do nothing'
            cand --fresh 'Start a new conversation in these tabs; the old id is kept in the history'
            cand --fork 'Go on in copies of these tabs'' conversations; the old ids are kept in the history'
            cand --with-notes 'Give the agents their restart notes, and what changed since, as their first prompt'
            cand -y 'Bring back what would be asked about first'
            cand --yes 'Bring back what would be asked about first'
            cand -q 'Ask nothing, and say only what did not come back'
            cand --quiet 'Ask nothing, and say only what did not come back'
            cand --json 'Print JSON'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'tabctl;attach'= {
            cand --color 'When to use colours'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'tabctl;go'= {
            cand --color 'When to use colours'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'tabctl;next'= {
            cand --color 'When to use colours'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'tabctl;back'= {
            cand --color 'When to use colours'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'tabctl;show'= {
            cand --color 'When to use colours'
            cand --json 'Print JSON: `row` as in `ls --json`, and `session` as in the file'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'tabctl;status'= {
            cand --color 'When to use colours'
            cand -m 'Why, in a few words'
            cand --message 'Why, in a few words'
            cand -t 'The tab [default: the one you stand in]'
            cand --tab 'The tab [default: the one you stand in]'
            cand --json 'Print JSON'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'tabctl;explain'= {
            cand --color 'When to use colours'
            cand --replay 'Decide the evidence in this file again'
            cand --agent 'The agent whose rules are asked'
            cand --screen 'The screen, with or without colours; `-` is standard input'
            cand --title 'The terminal''s title that belongs to it'
            cand --json 'Print JSON'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'tabctl;wait'= {
            cand --color 'When to use colours'
            cand --for 'The state, or several'
            cand --timeout 'How long at most: 500ms, 30s, 5m, 2h [default: for ever]'
            cand --any 'One tab is enough'
            cand --all 'All of them must have it [default]'
            cand --json 'Print JSON: the rows that reached it, as in `ls --json`'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'tabctl;task'= {
            cand --color 'When to use colours'
            cand -t 'The tab [default: the one you stand in]'
            cand --tab 'The tab [default: the one you stand in]'
            cand --clear 'Take the task away'
            cand --json 'Print JSON'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'tabctl;note'= {
            cand --color 'When to use colours'
            cand -t 'The tab [default: the one you stand in]'
            cand --tab 'The tab [default: the one you stand in]'
            cand --done 'Take the note with this number away'
            cand --from-agent 'Sign as the agent that runs this, in its own tab'
            cand --clear 'Take all notes away'
            cand --json 'Print JSON'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'tabctl;log'= {
            cand --color 'When to use colours'
            cand --actor 'Only what this actor did'
            cand --since 'Only from then on: 90s, 10m, 2h, 3d, or a date with or without a time'
            cand -n 'The newest lines only; 0 for all'
            cand --lines 'The newest lines only; 0 for all'
            cand --verify 'Look whether all is as it was written'
            cand --json 'Print JSON'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'tabctl;tag'= {
            cand --color 'When to use colours'
            cand -r 'A tag to take off; can be repeated'
            cand --remove 'A tag to take off; can be repeated'
            cand -t 'The tab [default: the one you stand in]'
            cand --tab 'The tab [default: the one you stand in]'
            cand --json 'Print JSON'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'tabctl;rename'= {
            cand --color 'When to use colours'
            cand --force 'Rename a locked tab'
            cand --json 'Print JSON'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'tabctl;lock'= {
            cand --color 'When to use colours'
            cand --json 'Print JSON'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'tabctl;unlock'= {
            cand --color 'When to use colours'
            cand --json 'Print JSON'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'tabctl;close'= {
            cand --color 'When to use colours'
            cand -y 'Do not ask'
            cand --yes 'Do not ask'
            cand --force 'Close a locked tab'
            cand --json 'Print JSON'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'tabctl;rm'= {
            cand --color 'When to use colours'
            cand --keep-file 'Leave the session file where it is'
            cand -y 'Do not ask'
            cand --yes 'Do not ask'
            cand --force 'Remove a locked tab'
            cand --json 'Print JSON'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'tabctl;trust'= {
            cand --color 'When to use colours'
            cand --json 'Print as JSON what it would run, and approve nothing'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'tabctl;hooks'= {
            cand --color 'When to use colours'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand install 'Put the hooks into the agents'' settings, or repair them'
            cand check 'Say which hooks are there; exit code 0 only if all are'
            cand uninstall 'Take the hooks out of the agents'' settings'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'tabctl;hooks;install'= {
            cand --color 'When to use colours'
            cand --all 'All agents that are installed'
            cand --dry-run 'Show what would change, and change nothing'
            cand --yes 'Do not ask'
            cand --json 'Print JSON'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'tabctl;hooks;check'= {
            cand --color 'When to use colours'
            cand --all 'All agents that are installed'
            cand --json 'Print JSON'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'tabctl;hooks;uninstall'= {
            cand --color 'When to use colours'
            cand --all 'All agents that are installed'
            cand --dry-run 'Show what would change, and change nothing'
            cand --yes 'Do not ask'
            cand --json 'Print JSON'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'tabctl;hooks;help'= {
            cand install 'Put the hooks into the agents'' settings, or repair them'
            cand check 'Say which hooks are there; exit code 0 only if all are'
            cand uninstall 'Take the hooks out of the agents'' settings'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'tabctl;hooks;help;install'= {
        }
        &'tabctl;hooks;help;check'= {
        }
        &'tabctl;hooks;help;uninstall'= {
        }
        &'tabctl;hooks;help;help'= {
        }
        &'tabctl;init'= {
            cand --color 'When to use colours'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'tabctl;prompt'= {
            cand --color 'When to use colours'
            cand -f 'What to print of it'
            cand --format 'What to print of it'
            cand --json 'Print JSON'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'tabctl;history'= {
            cand --color 'When to use colours'
            cand -n 'The newest so many'
            cand --lines 'The newest so many'
            cand -f 'Only what ended with another code than 0'
            cand --failed 'Only what ended with another code than 0'
            cand --json 'Print JSON'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'tabctl;tmux-conf'= {
            cand --color 'When to use colours'
            cand --no-keys 'Leave the keys out'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'tabctl;notify'= {
            cand --color 'When to use colours'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand test 'Send one now, and say what was done and what is missing'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'tabctl;notify;test'= {
            cand --channel 'By this channel, whatever is set; can stand several times'
            cand --color 'When to use colours'
            cand --json 'Print JSON'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'tabctl;notify;help'= {
            cand test 'Send one now, and say what was done and what is missing'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'tabctl;notify;help;test'= {
        }
        &'tabctl;notify;help;help'= {
        }
        &'tabctl;autostart'= {
            cand --color 'When to use colours'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand enable 'Bring the tabs back after each boot, or bring that up to date'
            cand disable 'Do it no more'
            cand status 'Say how it stands'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'tabctl;autostart;enable'= {
            cand --manager 'As if this were what the system has'
            cand --color 'When to use colours'
            cand --linger 'Also let your programs run without a login (loginctl enable-linger)'
            cand --json 'Print JSON'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'tabctl;autostart;disable'= {
            cand --manager 'As if this were what the system has'
            cand --color 'When to use colours'
            cand --json 'Print JSON'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'tabctl;autostart;status'= {
            cand --manager 'As if this were what the system has'
            cand --color 'When to use colours'
            cand --json 'Print JSON'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'tabctl;autostart;help'= {
            cand enable 'Bring the tabs back after each boot, or bring that up to date'
            cand disable 'Do it no more'
            cand status 'Say how it stands'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'tabctl;autostart;help;enable'= {
        }
        &'tabctl;autostart;help;disable'= {
        }
        &'tabctl;autostart;help;status'= {
        }
        &'tabctl;autostart;help;help'= {
        }
        &'tabctl;doctor'= {
            cand --color 'When to use colours'
            cand --scan 'Register the session files below DIR (after a move, a restore, a lost index)'
            cand --restore 'Put TAB''s lost session file back, as it last was'
            cand --fix 'Mend what crashes left behind and session files that do not parse'
            cand -y 'Do not ask'
            cand --yes 'Do not ask'
            cand --json 'Print JSON'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'tabctl;config'= {
            cand --color 'When to use colours'
            cand --json 'Print JSON'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'tabctl;demo'= {
            cand --color 'When to use colours'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'tabctl;selftest'= {
            cand --color 'When to use colours'
            cand --real 'Use this agent of yours'
            cand -C 'Start it in this folder, which it trusts [default: a new one]'
            cand --dir 'Start it in this folder, which it trusts [default: a new one]'
            cand --yes 'Do not ask'
            cand --keep 'Leave the private server and its folder, and say where'
            cand --json 'Print JSON'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'tabctl;completions'= {
            cand --color 'When to use colours'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'tabctl;man'= {
            cand --color 'When to use colours'
            cand --dir 'Write the pages of all commands into this folder'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'tabctl;hook'= {
            cand --color 'When to use colours'
            cand --event 'The event, where the payload does not name it'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'tabctl;runner'= {
            cand --color 'When to use colours'
            cand --shell 'Become the plain shell that stood beside it, as this part of its window'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'tabctl;keep'= {
            cand --color 'When to use colours'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'tabctl;demo-agent'= {
            cand --color 'When to use colours'
            cand --session-id 'Start a conversation under this id'
            cand --resume 'Go on with this conversation'
            cand --model 'Any word: it is shown in the greeting'
            cand --yolo 'Answer everything without asking (it never asks anyway)'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'tabctl;take-terminal'= {
            cand --color 'When to use colours'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'tabctl;help'= {
            cand ls 'ls'
            cand new 'new'
            cand bind 'bind'
            cand resume 'resume'
            cand attach 'attach'
            cand next 'next'
            cand back 'back'
            cand show 'show'
            cand status 'status'
            cand explain 'explain'
            cand wait 'wait'
            cand task 'task'
            cand note 'note'
            cand log 'log'
            cand tag 'tag'
            cand rename 'rename'
            cand lock 'lock'
            cand unlock 'unlock'
            cand close 'close'
            cand rm 'rm'
            cand trust 'trust'
            cand hooks 'hooks'
            cand init 'init'
            cand prompt 'prompt'
            cand history 'history'
            cand tmux-conf 'tmux-conf'
            cand notify 'notify'
            cand autostart 'autostart'
            cand doctor 'doctor'
            cand config 'config'
            cand demo 'demo'
            cand selftest 'selftest'
            cand completions 'completions'
            cand man 'man'
            cand hook 'hook'
            cand runner 'runner'
            cand keep 'keep'
            cand demo-agent 'demo-agent'
            cand take-terminal 'take-terminal'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'tabctl;help;ls'= {
        }
        &'tabctl;help;new'= {
        }
        &'tabctl;help;bind'= {
        }
        &'tabctl;help;resume'= {
        }
        &'tabctl;help;attach'= {
        }
        &'tabctl;help;next'= {
        }
        &'tabctl;help;back'= {
        }
        &'tabctl;help;show'= {
        }
        &'tabctl;help;status'= {
        }
        &'tabctl;help;explain'= {
        }
        &'tabctl;help;wait'= {
        }
        &'tabctl;help;task'= {
        }
        &'tabctl;help;note'= {
        }
        &'tabctl;help;log'= {
        }
        &'tabctl;help;tag'= {
        }
        &'tabctl;help;rename'= {
        }
        &'tabctl;help;lock'= {
        }
        &'tabctl;help;unlock'= {
        }
        &'tabctl;help;close'= {
        }
        &'tabctl;help;rm'= {
        }
        &'tabctl;help;trust'= {
        }
        &'tabctl;help;hooks'= {
        }
        &'tabctl;help;init'= {
        }
        &'tabctl;help;prompt'= {
        }
        &'tabctl;help;history'= {
        }
        &'tabctl;help;tmux-conf'= {
        }
        &'tabctl;help;notify'= {
        }
        &'tabctl;help;autostart'= {
        }
        &'tabctl;help;doctor'= {
        }
        &'tabctl;help;config'= {
        }
        &'tabctl;help;demo'= {
        }
        &'tabctl;help;selftest'= {
        }
        &'tabctl;help;completions'= {
        }
        &'tabctl;help;man'= {
        }
        &'tabctl;help;hook'= {
        }
        &'tabctl;help;runner'= {
        }
        &'tabctl;help;keep'= {
        }
        &'tabctl;help;demo-agent'= {
        }
        &'tabctl;help;take-terminal'= {
        }
        &'tabctl;help;help'= {
        }
    ]
    $completions[$command]
}
