# shellcheck shell=bash
# tabctl in bash: the tab in the prompt, and what was started in it. `tabctl init bash` prints this
# behind the settings that it needs.
# Must start no process, and must leave $?, PIPESTATUS, $_ and what others have hooked in as it is.
# shellcheck disable=SC2154 # the settings are those that `init` prints before it

# Which tab this is: the runner says it; a shell that was adopted finds it by its pane.
__tabctl_find() {
    __tabctl_id=${TABCTL_TAB-}
    if [[ ! $__tabctl_id && ${TMUX-} == *,*,* && ${TMUX_PANE-} ]]; then
        local server=${TMUX%,*}
        server=$__tabctl_run/prompt/tmux-${server##*,}-${TMUX_PANE#%}
        [[ ! -f $server ]] || IFS= read -r __tabctl_id 2>/dev/null <"$server" || :
    fi
    [[ ${#__tabctl_id} -eq 26 && $__tabctl_id != *[!0-9A-Z]* ]] || __tabctl_id=
    # Where there is no tab, these files are nobody's, and not there.
    __tabctl_file=$__tabctl_shell/${__tabctl_id:--}
}

# Reads the tab's line, and counts the others that need a person. Whatever is broken shows nothing.
__tabctl_segment() {
    local REPLY=''
    [[ $__tabctl_id && ${TABCTL_TAB-} == "$__tabctl_id" ]] || __tabctl_find
    if [[ $__tabctl_id && -f $__tabctl_run/prompt/$__tabctl_id ]]; then
        read -r 2>&- <"$__tabctl_run/prompt/$__tabctl_id" || REPLY=''
    fi
    # A mark is named by a tab's id; where this option is on, none at all would be an error.
    if shopt -q failglob; then
        shopt -u failglob
        __tabctl_marked=("$__tabctl_run"/attention/[0-7]*)
        shopt -s failglob
    else
        __tabctl_marked=("$__tabctl_run"/attention/[0-7]*)
    fi
    # Nearly always it is what it was.
    [[ ${__tabctl_marked[*]-}$REPLY == "$__tabctl_seen" ]] || __tabctl_draw "$REPLY"
}

# __tabctl_draw LINE: makes of it, and of the marks, what a prompt shows.
__tabctl_draw() {
    local state='' glyph='' lock='' name='' text='' on='' off='' others=${#__tabctl_marked[@]}
    __tabctl_seen=${__tabctl_marked[*]-}$1
    # Where there is no mark, the pattern itself stands there.
    if ((others == 1)) && [[ ! -e ${__tabctl_marked[0]} ]]; then others=0; fi
    if [[ $__tabctl_id && ${__tabctl_marked[*]-} == *"/$__tabctl_id"* ]]; then ((others -= 1)) || :; fi
    if [[ $1 == *' '*' '*' '?* ]]; then
        # Only the name has spaces.
        name=$1 state=${name%% *} name=${name#* } glyph=${name%% *} name=${name#* }
        lock=${name%% *} name=${name#* }
        # The name has passed a filter when it was written; the file may be damaged since.
        name=${name:0:64} glyph=${glyph:0:4}
        text=${glyph//[![:print:]]/?}' '${name//[![:print:]]/?}
        case $state in
            attention) on='1;33' ;;
            # Where a prompt stands, no agent does: this one has ended, and nobody saw it.
            thinking | idle | running) on=2 text="\$ ${name//[![:print:]]/?}" ;;
            done) on=32 ;;
            failed | missing) on=31 ;;
            shell | unknown | down) on=2 ;;
            *) text='' ;;
        esac
        case $lock in
            locked) text+=${text:+ ⚿} ;;
            -) ;;
            *) text='' ;;
        esac
    fi
    if ((others > 0)); then
        text+=${text:+ }$others!
        [[ $on ]] || on=33
    fi
    TABCTL_SEGMENT=${text:+[$text]} TABCTL_PS1=''
    [[ $text ]] || return 0
    # Between these two bytes stands what takes no room on the line.
    if [[ ${NO_COLOR-} ]]; then on=''; else on=$'\001\e['${on}$'m\002' off=$'\001\e[0m\002'; fi
    TABCTL_PS1=$on$TABCTL_SEGMENT$off' '
}

# Writes down that a command begins: `__tabctl_line` as it was typed, `__tabctl_words` as bash makes it of
# the line's aliases; `__tabctl_kind` says whether its first word is a function.
__tabctl_started() {
    __tabctl_folder=$PWD __tabctl_text=$__tabctl_words$'\037'$__tabctl_line
    # Whatever looks like a secret has one of these; most lines have none.
    case ${__tabctl_text,,} in
        *key* | *token* | *secret* | *passw* | *credential* | *bearer* | *://*@* | *sk-* | *gh?_* | \
            *github_pat_* | *glpat-* | *xox?-* | *akia*) __tabctl_hide ;;
    esac
    case $__tabctl_folder$__tabctl_text in *$'\n'*) __tabctl_join ;; esac
    # shellcheck disable=SC2059 # in the format stand numbers and words of ours
    printf "S\037bash\037$$\037$((__tabctl_seq += 1))\037$__tabctl_time\037$__tabctl_kind\037%s\037%s\n" \
        "${EPOCHREALTIME--1}" "$__tabctl_folder" "$__tabctl_text" >>"$__tabctl_file.log" && __tabctl_open=1
}

# What looks like a secret is not written down. Rather too much than too little.
__tabctl_hide() {
    local line=${__tabctl_text,,}
    case $line in
        *key=* | *token=* | *secret*=* | *passw*=* | *credential*=* | *-key\ * | *-apikey\ * | *-token\ * | \
            *-secret\ * | *-passw*\ * | *bearer\ * | *://*:*@* | *[!a-z0-9]sk-* | *gh?_* | \
            *github_pat_* | *glpat-* | *xox?-* | *akia* | *private\ key*) ;;
        *) return ;;
    esac
    line=${__tabctl_line%%[[:space:]]*}
    # A variable that is set before the command is the secret itself.
    [[ $line != *=* ]] || line=''
    __tabctl_text=$'\037'${line:+$line }'[hidden]'
    # What bash printed for us is not to stay there either.
    [[ ! -f $__tabctl_file.line ]] || : >|"$__tabctl_file.line"
}

# All of it is one line of the file.
__tabctl_join() {
    __tabctl_folder=${__tabctl_folder//$'\n'/$'\036'} __tabctl_text=${__tabctl_text//$'\n'/$'\036'}
}

# Whether this command is to be written down: in a tab, with history, or if it may be an agent. The
# last prompt has found the tab.
__tabctl_wanted() {
    [[ -f $__tabctl_file.log ]] || return 1
    [[ $__tabctl_history == off || ${TABCTL_HISTORY-} == off ]] || return 0
    local word=${1%%[[:space:]]*}
    [[ $__tabctl_agents == *" ${word##*/} "* ]]
}

# __tabctl_preexec COMMAND LAST: a command is about to run. LAST is $_, which is to stay.
__tabctl_preexec() {
    __tabctl_armed='' __tabctl_words=$1 __tabctl_kind=-
    # A subshell is not told of: then this is the first thing after it.
    case ${PROMPT_COMMAND-} in "$1"*) __tabctl_words='' ;; esac
    if [[ $__tabctl_history${TABCTL_HISTORY-} == on && -f $__tabctl_file.log ]] ||
        __tabctl_wanted "$__tabctl_words"; then
        # The line as it was typed is in the history, which can only be printed: to a file, and back.
        # The file keeps its size, which is quick; what is left in it stands behind the mark.
        # shellcheck disable=SC2094,SC2128 # it is opened twice, and read into one element
        {
            if [[ ${HISTTIMEFORMAT-} ]]; then __tabctl_untimed; else builtin history 1; fi
            printf '\036'
            mapfile -t -n 1 -d $'\036' __tabctl_printed
            # Five digits and two characters; the line, and its end. What begins with a space is
            # nobody's business.
            case ${__tabctl_printed-} in
                ?????[*\ ]\ [![:space:]]*) __tabctl_line=${__tabctl_printed:7:-1} ;;
                ?????[0-9]*) __tabctl_far ;;
                *) __tabctl_line='' ;;
            esac
            # What the history did not take is no line of now; a line twice is taken once.
            case ${__tabctl_printed-} in
                "$__tabctl_last") [[ $__tabctl_line == "$__tabctl_words" ]] || __tabctl_line='' ;;
            esac
            if [[ $__tabctl_line ]]; then
                __tabctl_last=$__tabctl_printed
                # What a function starts, nobody knows.
                ! declare -F -- "${__tabctl_words%% *}" || __tabctl_kind=function
                case $__tabctl_line in "$__tabctl_words") __tabctl_words='' ;; esac
                __tabctl_started
            fi
        } 2>&- 1<>"$__tabctl_file.line" <"$__tabctl_file.line"
    fi
    : "$2"
}

# The same where the history has come so far that its numbers are longer.
__tabctl_far() {
    # shellcheck disable=SC2128 # it was read into one element
    __tabctl_line=${__tabctl_printed#*[0-9][*\ ]\ }
    case $__tabctl_line in
        [[:space:]]*) __tabctl_line='' ;;
        *) __tabctl_line=${__tabctl_line%?} ;;
    esac
}

# Without the time that the person wants to see there.
__tabctl_untimed() { HISTTIMEFORMAT='' builtin history 1; }

# The same where bash-preexec knows the line.
__tabctl_typed() {
    local status=$? word=${1%%[[:space:]]*}
    __tabctl_line=$1 __tabctl_words='' __tabctl_kind=-
    if [[ $word ]] && __tabctl_wanted "$1"; then
        [[ ! ${BASH_ALIASES[$word]-} ]] || __tabctl_words=${BASH_ALIASES[$word]}${1#"$word"}
        word=${__tabctl_words:-$1}
        ! declare -F -- "${word%% *}" >/dev/null || __tabctl_kind=function
        __tabctl_started 2>/dev/null
    fi
    __tabctl_left "$status"
}

# Leaves $? as it was; where an error would end the shell, it may not look like a new one.
__tabctl_left() { [[ $- == *e* ]] || return "$1"; }

# A command has ended, before anybody else changes $?.
__tabctl_precmd() {
    __tabctl_status=$?
    # What a subshell ran was not seen when it began.
    [[ ! $__tabctl_armed ]] || __tabctl_preexec '' ''
    if [[ $__tabctl_open ]]; then
        __tabctl_open=''
        # shellcheck disable=SC2059 # in the format stand numbers
        printf "E\037$$\037$__tabctl_seq\037$__tabctl_status\037$__tabctl_time\n" \
            "${EPOCHREALTIME--1}" 2>&- >>"$__tabctl_file.log" || :
    fi
    [[ ! $__tabctl_marking ]] || __tabctl_mark "$__tabctl_status"
    [[ $- == *e* ]] || return "$__tabctl_status"
}

# Tells the terminal how the command ended, and which folder this is.
__tabctl_mark() {
    printf '\e]133;D;%s\a' "$1"
    [[ $PWD != "$__tabctl_told" ]] || return 0
    __tabctl_told=$PWD
    local LC_ALL=C path='' rest=$PWD c
    if [[ $rest == *[!A-Za-z0-9/._~-]* ]]; then
        while [[ $rest ]]; do
            c=${rest:0:1} rest=${rest:1}
            case $c in
                [A-Za-z0-9/._~-]) ;;
                *) printf -v c '%%%02X' "'$c" && c=%${c: -2} ;;
            esac
            path+=$c
        done
    else
        path=$rest
    fi
    printf '\e]7;file://%s%s\a' "${HOSTNAME-}" "$path"
}

# Comes last before the prompt: others may have made PS1 anew.
__tabctl_paint() {
    __tabctl_status=$?
    __tabctl_segment
    case ${PS1-}${PS0-} in "$__tabctl_made") ;; *) __tabctl_wrap ;; esac
    [[ $- == *e* ]] || return "$__tabctl_status"
}

# Puts into the prompt what tabctl needs there.
__tabctl_wrap() {
    local start='' all=() one
    PS1=${PS1-}
    if [[ $__tabctl_hooked == preexec && ${precmd_functions[-1]} != __tabctl_paint ]]; then
        for one in "${precmd_functions[@]}"; do
            [[ $one == __tabctl_paint ]] || all+=("$one")
        done
        precmd_functions=("${all[@]}" __tabctl_paint)
    fi
    if [[ $__tabctl_prompt == on && $PS1 != *TABCTL_* ]]; then
        # Behind the line breaks that a prompt may begin with.
        while [[ $PS1 == $'\n'* || $PS1 == '\n'* ]]; do
            if [[ $PS1 == $'\n'* ]]; then start+=${PS1:0:1}; else start+=${PS1:0:2}; fi
            PS1=${PS1#*[$'\n'n]}
        done
        PS1=$start'${TABCTL_PS1-}'$PS1
    fi
    if [[ $__tabctl_marking && $PS1 != *'133;A'* ]]; then
        PS1='\[\e]133;A\a\]'$PS1'\[\e]133;B\a\]'
    fi
    # shellcheck disable=SC2016 # it is expanded at each command, and sets a variable without a word
    if [[ $__tabctl_hooked == trap && ${PS0-} != *__tabctl_armed* ]]; then
        PS0='${__tabctl_none:(__tabctl_armed=1,0):0}'${PS0-}
        [[ ! $__tabctl_marking ]] || PS0+='\e]133;C\a'
    fi
    __tabctl_made=$PS1${PS0-}
}

# Whether nobody else tells this terminal where prompts and commands begin.
__tabctl_may_mark() {
    [[ -t 1 && ${TERM-dumb} != dumb && ${TERM-} != linux && ${PS1-} != *133\;A* ]] &&
        [[ ! ${KITTY_SHELL_INTEGRATION-}${GHOSTTY_RESOURCES_DIR-}${ITERM_SHELL_INTEGRATION_INSTALLED-} ]] &&
        [[ ! ${VSCODE_INJECTION-}${VTE_VERSION-}${WEZTERM_SHELL_SKIP_ALL-}${KONSOLE_VERSION-} ]] &&
        [[ ${TERM_PROGRAM-} != WezTerm && ${TERM_PROGRAM-} != vscode ]]
}

__tabctl_hook() {
    # Before 4.4 bash does not say when a command begins without being asked at every step.
    if [[ ${__bp_imported-}${bash_preexec_imported-} ]]; then
        __tabctl_hooked=preexec
        preexec_functions+=(__tabctl_typed)
        precmd_functions=(__tabctl_precmd ${precmd_functions[@]+"${precmd_functions[@]}"} __tabctl_paint)
        return
    fi
    if ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 404)) && shopt -q promptvars; then
        local trap others=()
        __tabctl_hooked='trap'
        trap=$(trap -p DEBUG)
        eval "others=($trap)"
        if [[ ${others[2]-} ]]; then
            __tabctl_debug() {
                [[ ! $__tabctl_armed ]] || __tabctl_preexec "$BASH_COMMAND" "$2"
                : "$2"
                return "$1"
            }
            # shellcheck disable=SC2064 # the trap that stands there is put before ours as it is
            trap "${others[2]}"$'\n__tabctl_debug "$?" "$_"' DEBUG
        else
            # shellcheck disable=SC2154 # PS0 sets it
            trap '[[ ! $__tabctl_armed ]] || __tabctl_preexec "$BASH_COMMAND" "$_"' DEBUG
        fi
    fi
    if ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 501)); then
        # Each of several finds $? and PIPESTATUS as the command left them. The first is where others
        # put themselves in front, who do not leave it so.
        local all=(${PROMPT_COMMAND[@]+"${PROMPT_COMMAND[@]}"})
        PROMPT_COMMAND=("${all[0]:-:}" __tabctl_precmd ${all[@]+"${all[@]:1}"} __tabctl_paint)
    else
        local rest=${PROMPT_COMMAND-}
        rest=${rest%"${rest##*[![:space:];]}"}
        # shellcheck disable=SC2178,SC2128 # it is no list in these versions
        PROMPT_COMMAND="__tabctl_precmd${rest:+; $rest}; __tabctl_paint"
    fi
}

__tabctl_load() {
    if [[ ${TABCTL_PROMPT-} == off ]] || ! shopt -q promptvars; then __tabctl_prompt=off; fi
    # Loaded twice, it is hooked in once.
    if [[ ${__tabctl_hooked-} ]]; then return; fi
    __tabctl_marking=''
    if [[ $__tabctl_marks == on && ${TABCTL_MARKS-} != off ]] && __tabctl_may_mark; then
        __tabctl_marking=1
    fi
    __tabctl_none='' __tabctl_armed='' __tabctl_open='' __tabctl_last='' __tabctl_told='' __tabctl_made=''
    __tabctl_seen=- TABCTL_SEGMENT='' TABCTL_PS1='' __tabctl_id='' __tabctl_file='' __tabctl_seq=0
    # How printf writes the time; it is told the time itself where bash knows more than the second.
    if [[ ${EPOCHREALTIME-} ]]; then __tabctl_time=%s; else __tabctl_time='%(%s)T.000000'; fi
    __tabctl_hooked=prompt
    __tabctl_hook
    __tabctl_segment
}

case $- in *i*) __tabctl_load ;; esac

# ── for `tabctl exec`, which presses a key that no keyboard has ──────────────────────────────────

# Takes the command that was left for this shell; if something stands on the line, says so instead.
# The answer is made only once: in the same way the command is taken back.
__tabctl_take() {
    local said=typed clobbers=1
    builtin bind '"\e[7743~": ""'
    __tabctl_errand=$__tabctl_run/exec/$$.errand
    [[ -f $__tabctl_errand/line ]] || return 0
    # While a command goes on in the next line, PS2 has just been shown.
    if [[ ! $READLINE_LINE ]] && ((BASH_LINENO[0] - __tabctl_more > 1)); then said=taken; fi
    if [[ -o noclobber ]]; then clobbers=''; fi
    set -C
    { builtin printf '%s\n' "$said" >"$__tabctl_errand/said"; } 2>/dev/null || said=''
    if [[ $clobbers ]]; then set +C; fi
    [[ $said == taken ]] || return 0
    IFS='' builtin read -r -d '' __tabctl_line <"$__tabctl_errand/line" || :
    IFS='' builtin read -r -d '' __tabctl_exec <"$__tabctl_errand/script" || :
    IFS='' builtin read -r __tabctl_token <"$__tabctl_errand/token" || :
    # Nothing takes it down: not the history, and not tabctl, which then knows of no tab.
    if [[ $__tabctl_control == - ]]; then __tabctl_control=${HISTCONTROL+=}${HISTCONTROL-}; fi
    HISTCONTROL=ignorespace __tabctl_id='' __tabctl_file=$__tabctl_shell/-
    # shellcheck disable=SC2016 # this is what stands on the line
    READLINE_LINE=' eval "$__tabctl_exec"' READLINE_POINT=0
    builtin bind '"\e[7743~": accept-line'
}

# __tabctl_trap SIGNAL: the trap that is set, as bash writes it.
__tabctl_trap() {
    builtin trap -p "$1" >|"$__tabctl_errand/trap"
    IFS='' builtin read -r -d '' __tabctl_found <"$__tabctl_errand/trap" || :
}

# The line has been read. An `exit` in it is to be told. Nobody may be there any more to read what it
# says: without a trap, that would end the shell; with this one, it is as if somebody pressed Ctrl-C.
__tabctl_begin() {
    unset HISTCONTROL
    [[ $__tabctl_control != =* ]] || HISTCONTROL=${__tabctl_control#=}
    __tabctl_control=-
    # What one that was interrupted has left is nobody's.
    __tabctl_trap EXIT
    [[ $__tabctl_found == *__tabctl_gone* ]] || __tabctl_exit=$__tabctl_found
    __tabctl_trap PIPE
    [[ $__tabctl_found == *__tabctl_unread* ]] || __tabctl_pipe=$__tabctl_found
    builtin trap '__tabctl_gone "$?"' EXIT
    builtin trap '__tabctl_unread' PIPE
}

# Nobody reads any more what the command says.
__tabctl_unread() { builtin kill -INT "$$"; }

# The traps are what they were, or what the command has made them.
__tabctl_settle() {
    __tabctl_trap EXIT
    if [[ $__tabctl_found == *__tabctl_gone* ]]; then
        builtin trap - EXIT
        builtin eval "$__tabctl_exit"
    fi
    __tabctl_trap PIPE
    [[ $__tabctl_found == *__tabctl_unread* ]] || __tabctl_pipe=$__tabctl_found
}

# The command has ended, and this shell has not.
__tabctl_finish() {
    builtin trap - PIPE
    builtin eval "$__tabctl_pipe"
    __tabctl_token=''
    __tabctl_left "$__tabctl_code"
}

# __tabctl_gone CODE: the shell ends, and so does what the person has set for that.
__tabctl_gone() {
    local words=()
    if [[ $__tabctl_token ]]; then
        builtin printf '%s\n' "$1" 2>/dev/null >|"$__tabctl_errand/end" || :
    fi
    builtin eval "words=($__tabctl_exit)"
    [[ ${words[2]-} ]] || return 0
    __tabctl_left "$1"
    builtin eval "${words[2]}"
}

# From now on this shell can be found.
__tabctl_listen() {
    # Before 5 bash has no such keys.
    [[ -t 0 && -d $__tabctl_run/exec && ${BASH_VERSINFO[0]} -ge 5 ]] && [[ -o emacs || -o vi ]] || return 0
    local map
    for map in emacs-standard vi-insert vi-command; do
        builtin bind -m "$map" -x '"\e[7742~": __tabctl_take' || return 0
        builtin bind -m "$map" '"\e[7741~": "\e[7742~\e[7743~"' || return 0
    done
    __tabctl_control=- __tabctl_more=-9 __tabctl_token='' __tabctl_exit='' __tabctl_pipe='' __tabctl_code=0
    # shellcheck disable=SC2016 # it is expanded whenever it is shown, to nothing
    if shopt -q promptvars && [[ ${PS2-} != *__tabctl_more* ]]; then
        PS2='${__tabctl_none:(__tabctl_more=LINENO,0):0}'${PS2-}
    fi
    builtin printf 'bash\n' >|"$__tabctl_run/exec/$$"
}

case $- in *i*) __tabctl_listen 2>/dev/null || : ;; esac
