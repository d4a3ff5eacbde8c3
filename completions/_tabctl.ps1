
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'tabctl' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'tabctl'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'tabctl' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('ls', 'ls', [CompletionResultType]::ParameterValue, 'List the tabs: what each is doing, and why it exists')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the tabs: what each is doing, and why it exists')
            [CompletionResult]::new('new', 'new', [CompletionResultType]::ParameterValue, 'Make a tab, and start an agent in it')
            [CompletionResult]::new('bind', 'bind', [CompletionResultType]::ParameterValue, 'Bind a running agent, or a conversation, to a tab')
            [CompletionResult]::new('resume', 'resume', [CompletionResultType]::ParameterValue, 'Bring tabs back with their own conversations')
            [CompletionResult]::new('attach', 'attach', [CompletionResultType]::ParameterValue, 'Go to a tab')
            [CompletionResult]::new('go', 'go', [CompletionResultType]::ParameterValue, 'Go to a tab')
            [CompletionResult]::new('next', 'next', [CompletionResultType]::ParameterValue, 'Go to the next tab that needs you')
            [CompletionResult]::new('back', 'back', [CompletionResultType]::ParameterValue, 'Go back to where `next` and `go` took you from')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show everything about a tab')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Say or show what a tab is doing')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Say why a state is shown')
            [CompletionResult]::new('wait', 'wait', [CompletionResultType]::ParameterValue, 'Wait until tabs need you, are idle, or are done')
            [CompletionResult]::new('task', 'task', [CompletionResultType]::ParameterValue, 'Say or show why a tab exists')
            [CompletionResult]::new('note', 'note', [CompletionResultType]::ParameterValue, 'Write or show what to know when coming back to a tab')
            [CompletionResult]::new('log', 'log', [CompletionResultType]::ParameterValue, 'Show what was done with tabs, when and by whom')
            [CompletionResult]::new('tag', 'tag', [CompletionResultType]::ParameterValue, 'Add, remove or show the tags of a tab')
            [CompletionResult]::new('rename', 'rename', [CompletionResultType]::ParameterValue, 'Give a tab another name')
            [CompletionResult]::new('lock', 'lock', [CompletionResultType]::ParameterValue, 'Protect a tab from renaming, closing and removing')
            [CompletionResult]::new('unlock', 'unlock', [CompletionResultType]::ParameterValue, 'Take the lock off a tab')
            [CompletionResult]::new('close', 'close', [CompletionResultType]::ParameterValue, 'Close a tab''s window; `resume` brings it back')
            [CompletionResult]::new('rm', 'rm', [CompletionResultType]::ParameterValue, 'Take a tab out of the list, with its session file')
            [CompletionResult]::new('trust', 'trust', [CompletionResultType]::ParameterValue, 'Look at what a session file would run, and approve it')
            [CompletionResult]::new('hooks', 'hooks', [CompletionResultType]::ParameterValue, 'Register tabctl''s hooks with the agents, or check them')
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Print what a shell loads to show and remember its tab')
            [CompletionResult]::new('prompt', 'prompt', [CompletionResultType]::ParameterValue, 'Print the tab for a prompt, a status line or a bar')
            [CompletionResult]::new('history', 'history', [CompletionResultType]::ParameterValue, 'Show the commands that were typed in a tab')
            [CompletionResult]::new('tmux-conf', 'tmux-conf', [CompletionResultType]::ParameterValue, 'Print the lines for tmux.conf: glyphs, counts and keys')
            [CompletionResult]::new('notify', 'notify', [CompletionResultType]::ParameterValue, 'Try how you are told that a tab needs you')
            [CompletionResult]::new('autostart', 'autostart', [CompletionResultType]::ParameterValue, 'Bring the tabs back when the machine starts')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Check what tabctl relies on, and what is broken')
            [CompletionResult]::new('config', 'config', [CompletionResultType]::ParameterValue, 'Show the settings, and where each comes from')
            [CompletionResult]::new('demo', 'demo', [CompletionResultType]::ParameterValue, 'Show the main job on a private tmux server')
            [CompletionResult]::new('selftest', 'selftest', [CompletionResultType]::ParameterValue, 'Rehearse a reboot, and compare before and after')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print the completions of a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print a man page, or write them all')
            [CompletionResult]::new('hook', 'hook', [CompletionResultType]::ParameterValue, 'Take in an event of an agent; the agents'' hooks call this')
            [CompletionResult]::new('runner', 'runner', [CompletionResultType]::ParameterValue, 'Hold a tab: start its agent as ordered, then become the shell')
            [CompletionResult]::new('keep', 'keep', [CompletionResultType]::ParameterValue, 'Keep a tab that was adopted: its glyph in tmux, and its notifications')
            [CompletionResult]::new('demo-agent', 'demo-agent', [CompletionResultType]::ParameterValue, 'Hold a conversation that is kept on disk')
            [CompletionResult]::new('take-terminal', 'take-terminal', [CompletionResultType]::ParameterValue, 'Take standard input for the terminal, then become a program')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tabctl;ls' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Only tabs that match: a state, or KEY=TEXT with tab, state, agent, tag, task, folder')
            [CompletionResult]::new('--filter', '--filter', [CompletionResultType]::ParameterName, 'Only tabs that match: a state, or KEY=TEXT with tab, state, agent, tag, task, folder')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Order of the rows')
            [CompletionResult]::new('--sort', '--sort', [CompletionResultType]::ParameterName, 'Order of the rows')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON')
            [CompletionResult]::new('--unbound', '--unbound', [CompletionResultType]::ParameterName, 'Only the agents in panes that are no tabs, with the command that binds each')
            [CompletionResult]::new('-w', '-w', [CompletionResultType]::ParameterName, 'Show every column, and cut nothing')
            [CompletionResult]::new('--wide', '--wide', [CompletionResultType]::ParameterName, 'Show every column, and cut nothing')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tabctl;list' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Only tabs that match: a state, or KEY=TEXT with tab, state, agent, tag, task, folder')
            [CompletionResult]::new('--filter', '--filter', [CompletionResultType]::ParameterName, 'Only tabs that match: a state, or KEY=TEXT with tab, state, agent, tag, task, folder')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Order of the rows')
            [CompletionResult]::new('--sort', '--sort', [CompletionResultType]::ParameterName, 'Order of the rows')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON')
            [CompletionResult]::new('--unbound', '--unbound', [CompletionResultType]::ParameterName, 'Only the agents in panes that are no tabs, with the command that binds each')
            [CompletionResult]::new('-w', '-w', [CompletionResultType]::ParameterName, 'Show every column, and cut nothing')
            [CompletionResult]::new('--wide', '--wide', [CompletionResultType]::ParameterName, 'Show every column, and cut nothing')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tabctl;new' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('-a', '-a', [CompletionResultType]::ParameterName, 'The agent to start [default: the setting `agent`, else a shell]')
            [CompletionResult]::new('--agent', '--agent', [CompletionResultType]::ParameterName, 'The agent to start [default: the setting `agent`, else a shell]')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'The folder to work in [default: this one]')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'The folder to work in [default: this one]')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Why this tab exists, in one line')
            [CompletionResult]::new('--task', '--task', [CompletionResultType]::ParameterName, 'Why this tab exists, in one line')
            [CompletionResult]::new('--tag', '--tag', [CompletionResultType]::ParameterName, 'A tag; can be repeated')
            [CompletionResult]::new('--session', '--session', [CompletionResultType]::ParameterName, 'The multiplexer''s session to put it into')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Do not go there')
            [CompletionResult]::new('--detach', '--detach', [CompletionResultType]::ParameterName, 'Do not go there')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON (and do not go there)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tabctl;bind' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--session-id', '--session-id', [CompletionResultType]::ParameterName, 'The agent''s own conversation id [default: found]')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'The tab: an existing one, or a new one of that name')
            [CompletionResult]::new('--tab', '--tab', [CompletionResultType]::ParameterName, 'The tab: an existing one, or a new one of that name')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'The folder of a new tab [default: the agent''s]')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'The folder of a new tab [default: the agent''s]')
            [CompletionResult]::new('--pane', '--pane', [CompletionResultType]::ParameterName, 'The pane to adopt [default: this one]')
            [CompletionResult]::new('--instructions', '--instructions', [CompletionResultType]::ParameterName, 'Tell the tab''s agent to say what it does')
            [CompletionResult]::new('--no-instructions', '--no-instructions', [CompletionResultType]::ParameterName, 'Take these instructions away again')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask before instructions are changed')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask before instructions are changed')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tabctl;resume' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'How many agents may be starting at the same time')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'How many agents may be starting at the same time')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Show what would be done, and do nothing')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be done, and do nothing')
            [CompletionResult]::new('--fresh', '--fresh', [CompletionResultType]::ParameterName, 'Start a new conversation in these tabs; the old id is kept in the history')
            [CompletionResult]::new('--fork', '--fork', [CompletionResultType]::ParameterName, 'Go on in copies of these tabs'' conversations; the old ids are kept in the history')
            [CompletionResult]::new('--with-notes', '--with-notes', [CompletionResultType]::ParameterName, 'Give the agents their restart notes, and what changed since, as their first prompt')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Bring back what would be asked about first')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Bring back what would be asked about first')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Ask nothing, and say only what did not come back')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Ask nothing, and say only what did not come back')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tabctl;attach' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tabctl;go' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tabctl;next' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tabctl;back' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tabctl;show' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON: `row` as in `ls --json`, and `session` as in the file')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tabctl;status' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('-m', '-m', [CompletionResultType]::ParameterName, 'Why, in a few words')
            [CompletionResult]::new('--message', '--message', [CompletionResultType]::ParameterName, 'Why, in a few words')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'The tab [default: the one you stand in]')
            [CompletionResult]::new('--tab', '--tab', [CompletionResultType]::ParameterName, 'The tab [default: the one you stand in]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tabctl;explain' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--replay', '--replay', [CompletionResultType]::ParameterName, 'Decide the evidence in this file again')
            [CompletionResult]::new('--agent', '--agent', [CompletionResultType]::ParameterName, 'The agent whose rules are asked')
            [CompletionResult]::new('--screen', '--screen', [CompletionResultType]::ParameterName, 'The screen, with or without colours; `-` is standard input')
            [CompletionResult]::new('--title', '--title', [CompletionResultType]::ParameterName, 'The terminal''s title that belongs to it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tabctl;wait' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--for', '--for', [CompletionResultType]::ParameterName, 'The state, or several')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long at most: 500ms, 30s, 5m, 2h [default: for ever]')
            [CompletionResult]::new('--any', '--any', [CompletionResultType]::ParameterName, 'One tab is enough')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'All of them must have it [default]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON: the rows that reached it, as in `ls --json`')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tabctl;task' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'The tab [default: the one you stand in]')
            [CompletionResult]::new('--tab', '--tab', [CompletionResultType]::ParameterName, 'The tab [default: the one you stand in]')
            [CompletionResult]::new('--clear', '--clear', [CompletionResultType]::ParameterName, 'Take the task away')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tabctl;note' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'The tab [default: the one you stand in]')
            [CompletionResult]::new('--tab', '--tab', [CompletionResultType]::ParameterName, 'The tab [default: the one you stand in]')
            [CompletionResult]::new('--done', '--done', [CompletionResultType]::ParameterName, 'Take the note with this number away')
            [CompletionResult]::new('--from-agent', '--from-agent', [CompletionResultType]::ParameterName, 'Sign as the agent that runs this, in its own tab')
            [CompletionResult]::new('--clear', '--clear', [CompletionResultType]::ParameterName, 'Take all notes away')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tabctl;log' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--actor', '--actor', [CompletionResultType]::ParameterName, 'Only what this actor did')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Only from then on: 90s, 10m, 2h, 3d, or a date with or without a time')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'The newest lines only; 0 for all')
            [CompletionResult]::new('--lines', '--lines', [CompletionResultType]::ParameterName, 'The newest lines only; 0 for all')
            [CompletionResult]::new('--verify', '--verify', [CompletionResultType]::ParameterName, 'Look whether all is as it was written')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tabctl;tag' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'A tag to take off; can be repeated')
            [CompletionResult]::new('--remove', '--remove', [CompletionResultType]::ParameterName, 'A tag to take off; can be repeated')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'The tab [default: the one you stand in]')
            [CompletionResult]::new('--tab', '--tab', [CompletionResultType]::ParameterName, 'The tab [default: the one you stand in]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tabctl;rename' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Rename a locked tab')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tabctl;lock' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tabctl;unlock' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tabctl;close' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Close a locked tab')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tabctl;rm' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--keep-file', '--keep-file', [CompletionResultType]::ParameterName, 'Leave the session file where it is')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Remove a locked tab')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tabctl;trust' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print as JSON what it would run, and approve nothing')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tabctl;hooks' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('install', 'install', [CompletionResultType]::ParameterValue, 'Put the hooks into the agents'' settings, or repair them')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Say which hooks are there; exit code 0 only if all are')
            [CompletionResult]::new('uninstall', 'uninstall', [CompletionResultType]::ParameterValue, 'Take the hooks out of the agents'' settings')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tabctl;hooks;install' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'All agents that are installed')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would change, and change nothing')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tabctl;hooks;check' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'All agents that are installed')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tabctl;hooks;uninstall' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'All agents that are installed')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would change, and change nothing')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tabctl;hooks;help' {
            [CompletionResult]::new('install', 'install', [CompletionResultType]::ParameterValue, 'Put the hooks into the agents'' settings, or repair them')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Say which hooks are there; exit code 0 only if all are')
            [CompletionResult]::new('uninstall', 'uninstall', [CompletionResultType]::ParameterValue, 'Take the hooks out of the agents'' settings')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tabctl;hooks;help;install' {
            break
        }
        'tabctl;hooks;help;check' {
            break
        }
        'tabctl;hooks;help;uninstall' {
            break
        }
        'tabctl;hooks;help;help' {
            break
        }
        'tabctl;init' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tabctl;prompt' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'What to print of it')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'What to print of it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tabctl;history' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'The newest so many')
            [CompletionResult]::new('--lines', '--lines', [CompletionResultType]::ParameterName, 'The newest so many')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Only what ended with another code than 0')
            [CompletionResult]::new('--failed', '--failed', [CompletionResultType]::ParameterName, 'Only what ended with another code than 0')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tabctl;tmux-conf' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--no-keys', '--no-keys', [CompletionResultType]::ParameterName, 'Leave the keys out')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tabctl;notify' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('test', 'test', [CompletionResultType]::ParameterValue, 'Send one now, and say what was done and what is missing')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tabctl;notify;test' {
            [CompletionResult]::new('--channel', '--channel', [CompletionResultType]::ParameterName, 'By this channel, whatever is set; can stand several times')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tabctl;notify;help' {
            [CompletionResult]::new('test', 'test', [CompletionResultType]::ParameterValue, 'Send one now, and say what was done and what is missing')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tabctl;notify;help;test' {
            break
        }
        'tabctl;notify;help;help' {
            break
        }
        'tabctl;autostart' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('enable', 'enable', [CompletionResultType]::ParameterValue, 'Bring the tabs back after each boot, or bring that up to date')
            [CompletionResult]::new('disable', 'disable', [CompletionResultType]::ParameterValue, 'Do it no more')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Say how it stands')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tabctl;autostart;enable' {
            [CompletionResult]::new('--manager', '--manager', [CompletionResultType]::ParameterName, 'As if this were what the system has')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--linger', '--linger', [CompletionResultType]::ParameterName, 'Also let your programs run without a login (loginctl enable-linger)')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tabctl;autostart;disable' {
            [CompletionResult]::new('--manager', '--manager', [CompletionResultType]::ParameterName, 'As if this were what the system has')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tabctl;autostart;status' {
            [CompletionResult]::new('--manager', '--manager', [CompletionResultType]::ParameterName, 'As if this were what the system has')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tabctl;autostart;help' {
            [CompletionResult]::new('enable', 'enable', [CompletionResultType]::ParameterValue, 'Bring the tabs back after each boot, or bring that up to date')
            [CompletionResult]::new('disable', 'disable', [CompletionResultType]::ParameterValue, 'Do it no more')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Say how it stands')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tabctl;autostart;help;enable' {
            break
        }
        'tabctl;autostart;help;disable' {
            break
        }
        'tabctl;autostart;help;status' {
            break
        }
        'tabctl;autostart;help;help' {
            break
        }
        'tabctl;doctor' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--scan', '--scan', [CompletionResultType]::ParameterName, 'Register the session files below DIR (after a move, a restore, a lost index)')
            [CompletionResult]::new('--restore', '--restore', [CompletionResultType]::ParameterName, 'Put TAB''s lost session file back, as it last was')
            [CompletionResult]::new('--fix', '--fix', [CompletionResultType]::ParameterName, 'Mend what crashes left behind and session files that do not parse')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tabctl;config' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tabctl;demo' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tabctl;selftest' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--real', '--real', [CompletionResultType]::ParameterName, 'Use this agent of yours')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Start it in this folder, which it trusts [default: a new one]')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Start it in this folder, which it trusts [default: a new one]')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--keep', '--keep', [CompletionResultType]::ParameterName, 'Leave the private server and its folder, and say where')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tabctl;completions' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tabctl;man' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Write the pages of all commands into this folder')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tabctl;hook' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--event', '--event', [CompletionResultType]::ParameterName, 'The event, where the payload does not name it')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tabctl;runner' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--shell', '--shell', [CompletionResultType]::ParameterName, 'Become the plain shell that stood beside it, as this part of its window')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tabctl;keep' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tabctl;demo-agent' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--session-id', '--session-id', [CompletionResultType]::ParameterName, 'Start a conversation under this id')
            [CompletionResult]::new('--resume', '--resume', [CompletionResultType]::ParameterName, 'Go on with this conversation')
            [CompletionResult]::new('--model', '--model', [CompletionResultType]::ParameterName, 'Any word: it is shown in the greeting')
            [CompletionResult]::new('--yolo', '--yolo', [CompletionResultType]::ParameterName, 'Answer everything without asking (it never asks anyway)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tabctl;take-terminal' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tabctl;help' {
            [CompletionResult]::new('ls', 'ls', [CompletionResultType]::ParameterValue, 'ls')
            [CompletionResult]::new('new', 'new', [CompletionResultType]::ParameterValue, 'new')
            [CompletionResult]::new('bind', 'bind', [CompletionResultType]::ParameterValue, 'bind')
            [CompletionResult]::new('resume', 'resume', [CompletionResultType]::ParameterValue, 'resume')
            [CompletionResult]::new('attach', 'attach', [CompletionResultType]::ParameterValue, 'attach')
            [CompletionResult]::new('next', 'next', [CompletionResultType]::ParameterValue, 'next')
            [CompletionResult]::new('back', 'back', [CompletionResultType]::ParameterValue, 'back')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'show')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'status')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'explain')
            [CompletionResult]::new('wait', 'wait', [CompletionResultType]::ParameterValue, 'wait')
            [CompletionResult]::new('task', 'task', [CompletionResultType]::ParameterValue, 'task')
            [CompletionResult]::new('note', 'note', [CompletionResultType]::ParameterValue, 'note')
            [CompletionResult]::new('log', 'log', [CompletionResultType]::ParameterValue, 'log')
            [CompletionResult]::new('tag', 'tag', [CompletionResultType]::ParameterValue, 'tag')
            [CompletionResult]::new('rename', 'rename', [CompletionResultType]::ParameterValue, 'rename')
            [CompletionResult]::new('lock', 'lock', [CompletionResultType]::ParameterValue, 'lock')
            [CompletionResult]::new('unlock', 'unlock', [CompletionResultType]::ParameterValue, 'unlock')
            [CompletionResult]::new('close', 'close', [CompletionResultType]::ParameterValue, 'close')
            [CompletionResult]::new('rm', 'rm', [CompletionResultType]::ParameterValue, 'rm')
            [CompletionResult]::new('trust', 'trust', [CompletionResultType]::ParameterValue, 'trust')
            [CompletionResult]::new('hooks', 'hooks', [CompletionResultType]::ParameterValue, 'hooks')
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'init')
            [CompletionResult]::new('prompt', 'prompt', [CompletionResultType]::ParameterValue, 'prompt')
            [CompletionResult]::new('history', 'history', [CompletionResultType]::ParameterValue, 'history')
            [CompletionResult]::new('tmux-conf', 'tmux-conf', [CompletionResultType]::ParameterValue, 'tmux-conf')
            [CompletionResult]::new('notify', 'notify', [CompletionResultType]::ParameterValue, 'notify')
            [CompletionResult]::new('autostart', 'autostart', [CompletionResultType]::ParameterValue, 'autostart')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'doctor')
            [CompletionResult]::new('config', 'config', [CompletionResultType]::ParameterValue, 'config')
            [CompletionResult]::new('demo', 'demo', [CompletionResultType]::ParameterValue, 'demo')
            [CompletionResult]::new('selftest', 'selftest', [CompletionResultType]::ParameterValue, 'selftest')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'completions')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'man')
            [CompletionResult]::new('hook', 'hook', [CompletionResultType]::ParameterValue, 'hook')
            [CompletionResult]::new('runner', 'runner', [CompletionResultType]::ParameterValue, 'runner')
            [CompletionResult]::new('keep', 'keep', [CompletionResultType]::ParameterValue, 'keep')
            [CompletionResult]::new('demo-agent', 'demo-agent', [CompletionResultType]::ParameterValue, 'demo-agent')
            [CompletionResult]::new('take-terminal', 'take-terminal', [CompletionResultType]::ParameterValue, 'take-terminal')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tabctl;help;ls' {
            break
        }
        'tabctl;help;new' {
            break
        }
        'tabctl;help;bind' {
            break
        }
        'tabctl;help;resume' {
            break
        }
        'tabctl;help;attach' {
            break
        }
        'tabctl;help;next' {
            break
        }
        'tabctl;help;back' {
            break
        }
        'tabctl;help;show' {
            break
        }
        'tabctl;help;status' {
            break
        }
        'tabctl;help;explain' {
            break
        }
        'tabctl;help;wait' {
            break
        }
        'tabctl;help;task' {
            break
        }
        'tabctl;help;note' {
            break
        }
        'tabctl;help;log' {
            break
        }
        'tabctl;help;tag' {
            break
        }
        'tabctl;help;rename' {
            break
        }
        'tabctl;help;lock' {
            break
        }
        'tabctl;help;unlock' {
            break
        }
        'tabctl;help;close' {
            break
        }
        'tabctl;help;rm' {
            break
        }
        'tabctl;help;trust' {
            break
        }
        'tabctl;help;hooks' {
            break
        }
        'tabctl;help;init' {
            break
        }
        'tabctl;help;prompt' {
            break
        }
        'tabctl;help;history' {
            break
        }
        'tabctl;help;tmux-conf' {
            break
        }
        'tabctl;help;notify' {
            break
        }
        'tabctl;help;autostart' {
            break
        }
        'tabctl;help;doctor' {
            break
        }
        'tabctl;help;config' {
            break
        }
        'tabctl;help;demo' {
            break
        }
        'tabctl;help;selftest' {
            break
        }
        'tabctl;help;completions' {
            break
        }
        'tabctl;help;man' {
            break
        }
        'tabctl;help;hook' {
            break
        }
        'tabctl;help;runner' {
            break
        }
        'tabctl;help;keep' {
            break
        }
        'tabctl;help;demo-agent' {
            break
        }
        'tabctl;help;take-terminal' {
            break
        }
        'tabctl;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
