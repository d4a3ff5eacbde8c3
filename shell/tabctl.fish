# tabctl in fish: the tab in the prompt, and what was started in it. `tabctl init fish` prints this
# behind the settings that it needs.
# Must start no process, and must leave $status, $pipestatus and the prompt of others as it is.

# Which tab this is: the runner says it; a shell that was adopted finds it by its pane.
function __tabctl_find
    set -g __tabctl_id "$TABCTL_TAB"
    if test -z "$__tabctl_id" -a -n "$TMUX" -a -n "$TMUX_PANE"
        set -l parts (string split -r -m 2 , -- $TMUX)
        set -l file $__tabctl_run/prompt/tmux-"$parts[2]"-(string trim -l -c % -- $TMUX_PANE)
        test -f $file; and read -g __tabctl_id <$file 2>/dev/null
    end
    string match -qr '^[0-9A-Z]{26}$' -- $__tabctl_id; or set -g __tabctl_id ''
end

# Reads the tab's line, and counts the others that need a person. Whatever is broken shows nothing.
function __tabctl_segment
    test -n "$TABCTL_TAB" -a "$TABCTL_TAB" = "$__tabctl_id"; or __tabctl_find
    set -l line
    test -f $__tabctl_run/prompt/$__tabctl_id; and read line <$__tabctl_run/prompt/$__tabctl_id 2>/dev/null
    # A mark is named by a tab's id.
    set -l marks $__tabctl_run/attention/*
    # Nearly always it is what it was.
    test "$line $marks" = "$__tabctl_seen"; and return
    set -g __tabctl_seen "$line $marks"
    __tabctl_draw "$line" $marks
end

# __tabctl_draw LINE MARK…: makes of it what a prompt shows.
function __tabctl_draw
    set -g TABCTL_SEGMENT
    set -g __tabctl_colour ''
    set -l text
    set -l marks $argv[2..]
    # Only the name has spaces.
    set -l words (string split -m 3 ' ' -- $argv[1])
    if test -n "$words[4]"; and contains -- "$words[3]" locked -
        # The name has passed a filter when it was written; the file may be damaged since.
        set text (string sub -l 70 -- "$words[2] $words[4]" | string replace -ra '\pC' '?')
        test "$words[3]" = locked; and set text "$text ⚿"
        switch "$words[1]"
            case attention
                set __tabctl_colour $__tabctl_yellow
            case thinking idle running
                # Where a prompt stands, no agent does: this one has ended, and nobody saw it.
                set text (string replace -r '^\S+' '\$' -- $text)
            case done
                set __tabctl_colour $__tabctl_green
            case failed missing
                set __tabctl_colour $__tabctl_red
            case shell unknown down
            case '*'
                set text
        end
    end
    test -n "$__tabctl_id"; and contains -- $__tabctl_run/attention/$__tabctl_id $marks; and set -e marks[1]
    if set -q marks[1]
        set -a text (count $marks)!
        test -n "$__tabctl_colour"; or set __tabctl_colour $__tabctl_yellow
    end
    set -q text[1]; and set -g TABCTL_SEGMENT "[$text]"
end

# Shows the tab: for a prompt of your own, with TABCTL_PROMPT=off.
function tabctl_prompt --description 'Show the tab and what it is doing'
    set -q TABCTL_SEGMENT[1]; and printf '%s%s%s ' "$__tabctl_colour" "$TABCTL_SEGMENT" "$__tabctl_normal"
end

# Puts the tab before the prompt that there is.
function __tabctl_wrap
    functions -q fish_prompt; or return
    functions fish_prompt | string match -q '*__tabctl_fish_prompt*'; and return
    functions -e __tabctl_fish_prompt
    functions -c fish_prompt __tabctl_fish_prompt
    function fish_prompt --description 'The tab, then the prompt'
        # First, while $status and $pipestatus are those of the command.
        set -l prompt (__tabctl_fish_prompt)
        set -g __tabctl_drawn 1
        # Behind the line breaks that a prompt may begin with.
        while test (count $prompt) -gt 1 -a -z "$prompt[1]"
            echo
            set -e prompt[1]
        end
        test -n "$__tabctl_marking"; and printf '\e]133;A\a'
        tabctl_prompt
        # The input begins right behind its last line.
        test -n "$__tabctl_marking"; and set prompt[-1] "$prompt[-1]"\e']133;B'\a
        printf '%s\n' $prompt
    end
end

# A command is about to run.
function __tabctl_preexec --on-event fish_preexec
    set -q __tabctl_marking[1]; and printf '\e]133;C\a'
    # In a tab, of which the last prompt has found the id. Without a history only what may be an agent.
    test -f $__tabctl_shell/$__tabctl_id.log -a "$__tabctl_history$TABCTL_HISTORY" = on; or __tabctl_wanted $argv; or return
    # What begins with a space is nobody's business.
    string match -qr $__tabctl_look -- $argv[1]; or return
    # What kind of a word the first one is, what it stands for, and the line.
    set -l texts - '' $argv[1]
    functions -q -- $word; and __tabctl_function $argv
    test -n "$sign$texts[2]"; and __tabctl_guard
    # There is no clock in fish: the kernel's counts from its own start, which is known.
    set -q __tabctl_since; or __tabctl_clock
    if set -q __tabctl_since[1]; and read -g __tabctl_open </proc/uptime
        set __tabctl_at $__tabctl_since+$__tabctl_open
    else
        set -g __tabctl_count (math $__tabctl_count + 1)
        set -g __tabctl_open $__tabctl_count
        set __tabctl_at -
    end
    echo S\x1ffish\x1f$fish_pid\x1f$__tabctl_open\x1f$__tabctl_at\x1f$texts[1]\x1f$__tabctl_folder\x1f$texts[2]\x1f$texts[3] >>$__tabctl_shell/$__tabctl_id.log 2>&-
    or set -g __tabctl_open
end

# Whether a command is written down all the same where not all are: it may be an agent.
function __tabctl_wanted
    test -f $__tabctl_shell/$__tabctl_id.log; or return
    test "$__tabctl_history" = off -o "$TABCTL_HISTORY" = off; or return 0
    string match -qr '^(?<word>\S+)' -- $argv[1]; or return
    contains -- (string replace -r '.*/' '' -- $word) $__tabctl_agents
end

# What looks like a secret is not written down, rather too much than too little; and a command is one
# line.
function __tabctl_guard --no-scope-shadowing
    if string match -qr $__tabctl_secret -- $texts[2..]
        string match -q '*=*' -- $word; and set texts[3] '[hidden]'; or set texts[3] "$word [hidden]"
        set texts[2] ''
    end
    set texts (string replace -a \n \x1e -- $texts)
end

# The folder as it is written down, anew whenever it is another one.
function __tabctl_moved --on-variable PWD
    set -g __tabctl_folder (string replace -a \n \x1e -- "$PWD")
end

# The first word is a function. An alias is one with a telling description: `alias c=claude -c`, or
# with a space. What another one starts, nobody knows.
function __tabctl_function --no-scope-shadowing
    set texts[1] function
    set -l told (functions -Dv -- $word)[5]
    string match -q -- "alias $word?*" $told; or return
    set texts[1] -
    set -l rest (math 1 + (string length -- $word))
    set texts[2] (string sub -s (math 7 + $rest) -- $told)(string sub -s $rest -- $argv[1])
end

# A command has ended.
function __tabctl_postexec --on-event fish_postexec
    set -l code $status
    set -q __tabctl_marking[1]; and __tabctl_mark $code
    set -q __tabctl_open[1]; or return
    echo E\x1f$fish_pid\x1f$__tabctl_open\x1f$code\x1f"$CMD_DURATION"000 >>$__tabctl_shell/$__tabctl_id.log 2>&-
    set -g __tabctl_open
end

# Tells the terminal how the command ended, and which folder this is.
function __tabctl_mark
    printf '\e]133;D;%s\a' $argv[1]
    test "$PWD" = "$__tabctl_told"; and return
    set -g __tabctl_told $PWD
    functions -q __update_cwd_osc __fish_update_cwd_osc
    or printf '\e]7;file://%s%s\a' "$hostname" (string escape --style=url -- $PWD)
end

# Before each prompt: looks anew, and comes back if somebody else has made the prompt anew.
function __tabctl_paint --on-event fish_prompt
    __tabctl_segment
    test "$__tabctl_prompt" = on; or return
    test -n "$__tabctl_drawn"; or __tabctl_wrap
    set -g __tabctl_drawn
end

# Finds out when the kernel's clock was at zero, in seconds of everybody else's.
function __tabctl_clock
    set -g __tabctl_since
    builtin -q path; and test -r /proc/uptime; or return
    # A file that is emptied gets the time.
    echo -n >$__tabctl_run/clock 2>/dev/null; or return
    set -l now (path mtime -- $__tabctl_run/clock)
    read -l up ignored </proc/uptime
    set __tabctl_since (math "floor($now - $up)")
end

# Whether nobody else tells this terminal where prompts and commands begin; fish 4 does it itself.
function __tabctl_may_mark
    test "$__tabctl_marks" = on -a "$TABCTL_MARKS" != off; or return
    isatty stdout; and not contains -- "$TERM" '' dumb linux; or return
    test -z "$KITTY_SHELL_INTEGRATION$GHOSTTY_RESOURCES_DIR$ITERM_SHELL_INTEGRATION_INSTALLED"; or return
    test -z "$VSCODE_INJECTION$VTE_VERSION$WEZTERM_SHELL_SKIP_ALL$KONSOLE_VERSION"; or return
    not contains -- "$TERM_PROGRAM" WezTerm vscode; or return
    string match -qr '^[0-3]\.' -- $version
end

if status is-interactive
    test "$TABCTL_PROMPT" = off; and set -g __tabctl_prompt off
    set -g __tabctl_normal (set_color normal)
    set -g __tabctl_yellow (set_color -o yellow)
    set -g __tabctl_green (set_color green)
    set -g __tabctl_red (set_color red)
    if set -q NO_COLOR; and test -n "$NO_COLOR"
        set -g __tabctl_normal
        set -g __tabctl_yellow
        set -g __tabctl_green
        set -g __tabctl_red
    end
    set -g __tabctl_secret '(?i)(key|token|credential)=|(secret|passw)[^ ]*=|-(key|apikey|token) |-(secret|passw)[^ ]* |bearer |://[^ ]*:[^ ]*@|(^|[^a-z0-9])sk-|gh[pousr]_|github_pat_|glpat-|xox[abeprs]-|akia|private key'
    # The first word, and any sign of such a thing, or of a line break: to look for all of them takes long.
    set -g __tabctl_look '(?is)^(?=(?<sign>.*(?:\n|key|oken|secr|pass|cred|bear|@|sk-|gh._|pat|xox|akia))?)(?<word>\S+)'
    __tabctl_moved
    set -q __tabctl_count; or set -g __tabctl_count 0
    set -q __tabctl_open; or set -g __tabctl_open
    set -g __tabctl_at -
    set -g __tabctl_told
    set -g __tabctl_drawn
    set -g __tabctl_seen -
    set -g __tabctl_marking
    __tabctl_may_mark; and set -g __tabctl_marking 1
    __tabctl_segment
    test "$__tabctl_prompt" = on; and __tabctl_wrap
end

# ── for `tabctl exec`, which presses a key that no keyboard has ──────────────────────────────────

# Takes the command that was left for this shell; if something stands on the line, says so instead.
# The answer is made only once: in the same way the command is taken back.
function __tabctl_take
    set -g __tabctl_errand $__tabctl_run/exec/$fish_pid.errand
    test -f $__tabctl_errand/line -a ! -e $__tabctl_errand/said; or return
    set -l said taken
    string length -q -- (commandline); and set said typed
    # What is looked for, or looked through, stands on no command line. Only newer ones know both words.
    commandline --paging-mode; or commandline --search-mode; or commandline --search-field >/dev/null 2>&1
    and set said typed
    echo $said >?$__tabctl_errand/said; or return
    test $said = taken; or return
    read -gz __tabctl_line <$__tabctl_errand/line
    read -gz __tabctl_exec <$__tabctl_errand/script
    read -g __tabctl_token <$__tabctl_errand/token
    # After Ctrl-C, and after an `exit` that fish refuses, nothing else says how it ended.
    function __tabctl_back --on-event fish_postexec
        set -l code $status
        functions -e __tabctl_back
        test -n "$__tabctl_token"; and echo $code >$__tabctl_errand/code
        set -g __tabctl_token
    end
    # What begins with a space is remembered nowhere.
    commandline -r ' eval $__tabctl_exec'
    commandline -f execute
end

# Leaves $status as it was.
function __tabctl_left
    return $argv[1]
end

# The shell ends.
function __tabctl_gone --on-event fish_exit
    set -l code $status
    # A terminal that is gone has ended the shell, and not the command.
    test -n "$__tabctl_token"; and echo -n >/dev/tty; and echo $code >$__tabctl_errand/end 2>/dev/null
end

# From now on this shell can be found.
if status is-interactive; and isatty stdout; and test -d $__tabctl_run/exec
    set -g __tabctl_token
    for mode in default insert visual
        bind -M $mode \e\[7741~ __tabctl_take
    end
    echo fish >$__tabctl_run/exec/$fish_pid
end
