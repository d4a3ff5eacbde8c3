# tabctl in zsh: the tab in the prompt, and what was started in it. `tabctl init zsh` prints this
# behind the settings that it needs.
# Must start no process, and must leave $?, pipestatus and what others have hooked in as it is.

# Which tab this is: the runner says it; a shell that was adopted finds it by its pane.
__tabctl_find() {
    __tabctl_id=${TABCTL_TAB-}
    if [[ -z $__tabctl_id && ${TMUX-} == *,*,* && -n ${TMUX_PANE-} ]]; then
        local server=${TMUX%,*}
        server=$__tabctl_run/prompt/tmux-${server##*,}-${TMUX_PANE#%}
        [[ ! -f $server ]] || IFS= read -r __tabctl_id 2>/dev/null <$server || :
    fi
    [[ ${#__tabctl_id} -eq 26 && $__tabctl_id != *[^0-9A-Z]* ]] || __tabctl_id=
}

# Reads the tab's line, and counts the others that need a person. Whatever is broken shows nothing.
__tabctl_segment() {
    local line=
    local -i others
    __tabctl_find
    if [[ -n $__tabctl_id && -f $__tabctl_run/prompt/$__tabctl_id ]]; then
        if (( $+builtins[sysread] )); then
            sysread -s 1024 line 2>/dev/null <$__tabctl_run/prompt/$__tabctl_id || line=
        else
            IFS= read -r line 2>/dev/null <$__tabctl_run/prompt/$__tabctl_id && line+=$'\n' || line=
        fi
    fi
    # A mark is named by a tab's id.
    local -a marks=($__tabctl_run/attention/[0-7]*(N))
    others=$#marks
    [[ -n $__tabctl_id && -e $__tabctl_run/attention/$__tabctl_id ]] && (( others -= 1 ))
    # Nearly always it is what it was.
    [[ "$others $line" == "$__tabctl_seen" ]] || __tabctl_draw $others "$line"
}

# __tabctl_draw OTHERS LINE: makes of it what a prompt shows. That stands in psvar, whose values zsh
# never reads as a prompt: %20v, and one of three more says which colour.
__tabctl_draw() {
    local state= glyph= lock= name= text= line=$2
    local -i others=$1 colour=0
    __tabctl_seen="$others $line"
    # One whole line of four words, of which the last may have spaces.
    if [[ $line == *' '*' '*' '?*$'\n' ]]; then
        line=${line%%$'\n'*} state=${line%% *} line=${line#* }
        glyph=${line%% *} line=${line#* } lock=${line%% *} name=${line#* }
        # The name has passed a filter when it was written; the file may be damaged since.
        glyph=${glyph[1,4]//[^[:print:]]/?} name=${name[1,64]//[^[:print:]]/?}
        text="$glyph $name"
        case $state in
            (attention) colour=21 ;;
            # Where a prompt stands, no agent does: this one has ended, and nobody saw it.
            (thinking|idle|running) text="\$ $name" ;;
            (done) colour=22 ;;
            (failed|missing) colour=23 ;;
            (shell|unknown|down) ;;
            (*) text= ;;
        esac
        case $lock in
            (locked) text+=${text:+ ⚿} ;;
            (-) ;;
            (*) text= ;;
        esac
    fi
    if (( others > 0 )); then
        text+="${text:+ }$others!"
        (( colour )) || colour=21
    fi
    TABCTL_SEGMENT=${text:+[$text]}
    psvar[20]=$TABCTL_SEGMENT psvar[21]= psvar[22]= psvar[23]=
    [[ $colour -eq 0 || -n ${NO_COLOR-} ]] || psvar[$colour]=1
}

# What looks like a secret is not written down. Rather too much than too little.
__tabctl_masked() {
    local line=${(L)1}
    # Most lines have nothing of this, and one look is enough for them.
    [[ $line == *(key|token|credential|secret|passw|bearer|://|sk-|gh?_|_pat_|glpat|xox|akia)* ]] || return 1
    case $line in
        (*(key|token|credential)=*|*(secret|passw)*=*|*-(key|apikey|token)\ *|*-(secret|passw)*\ *) ;;
        (*bearer\ *|*://*:*@*|sk-*|*[^a-z0-9]sk-*|*gh?_*|*github_pat_*|*glpat-*) ;;
        (*xox?-*|*akia*|*private\ key*) ;;
        (*) return 1 ;;
    esac
}

# A command is about to run: as it was typed, cut to a line, and with its aliases expanded.
__tabctl_preexec() {
    emulate -L zsh
    setopt no_err_exit no_err_return unset
    [[ -z $__tabctl_marking ]] || print -n '\e]133;C\a'
    local line=${1%$'\n'} words=${3%$'\n'} kind=- folder=$PWD
    # In a tab, of which the last prompt has found the id.
    __tabctl_file=$__tabctl_shell/$__tabctl_id.log
    [[ -n $line && $line != [[:space:]]* && -n $__tabctl_id && -f $__tabctl_file ]] || return 0
    # Without a history only what may be an agent.
    if [[ $__tabctl_history == off || ${TABCTL_HISTORY-} == off ]]; then
        [[ $__tabctl_agents == *" ${${words%%[[:space:]]*}##*/} "* ]] || return 0
    fi
    (( __tabctl_seq += 1 ))
    (( ! $+functions[${words%%[[:space:]]*}] )) || kind=function
    [[ $words != $line ]] || words=
    if __tabctl_masked "$line${words:+ $words}"; then
        words=${line%%[[:space:]]*}
        # A variable that is set before the command is the secret itself.
        [[ $words != *=* ]] || words=
        line="${words:+$words }[hidden]" words=
    fi
    # The time in microseconds; nothing where zsh cannot tell.
    __tabctl_start=${EPOCHREALTIME:0:10}${EPOCHREALTIME:11:6}
    [[ -n $__tabctl_start ]] || __tabctl_start=-
    builtin printf 'S\037zsh\037%s\037%s\037%s\037%s\037%s\037%s\037%s\n' $$ $__tabctl_seq $__tabctl_start $kind \
        "${folder//$'\n'/$__tabctl_break}" "${words//$'\n'/$__tabctl_break}" \
        "${line//$'\n'/$__tabctl_break}" \
        2>/dev/null >>$__tabctl_file || return 0
    __tabctl_open=$__tabctl_seq
}

# A command has ended. Written for any options of the person: to set others takes as long as the rest.
__tabctl_precmd() {
    local code="$?" now="${EPOCHREALTIME-}" took=-
    if [[ -n "${__tabctl_open}" ]]; then
        now="${now:0:10}${now:11:6}"
        if [[ -n "$now" && "${__tabctl_start}" != - ]]; then took="$(( now - __tabctl_start ))"; fi
        builtin printf 'E\037%s\037%s\037%s\037%s\n' "$$" "${__tabctl_open}" "$code" "$took" \
            2>/dev/null >>"${__tabctl_file}" || :
        __tabctl_open=
    fi
    if [[ -n "${__tabctl_marking}" ]]; then __tabctl_mark "$code"; fi
}

# Tells the terminal how the command ended, and which folder this is.
__tabctl_mark() {
    emulate -L zsh
    setopt no_err_exit no_err_return unset
    print -n "\e]133;D;$1\a"
    [[ $PWD != $__tabctl_told ]] || return 0
    __tabctl_told=$PWD
    setopt no_multibyte extended_glob
    local LC_ALL=C
    local -a match mbegin mend
    builtin printf '\e]7;file://%s%s\a' "${HOST-}" \
        ${PWD//(#m)[^A-Za-z0-9\/._~-]/%${(l:2::0:)$(([##16]#MATCH))}}
}

# Comes last before the prompt: others may have made PROMPT anew.
__tabctl_paint() {
    emulate -L zsh
    setopt no_err_exit no_err_return unset
    __tabctl_segment
    [[ ${PROMPT-} != "$__tabctl_made" ]] || return 0
    local start=
    if [[ $__tabctl_prompt == on && ${PROMPT-} != *(%20v|TABCTL_SEGMENT)* ]]; then
        # Behind the line breaks that a prompt may begin with.
        while [[ $PROMPT == $'\n'* ]]; do
            start+=$'\n' PROMPT=${PROMPT#$'\n'}
        done
        PROMPT=$start$__tabctl_shown$PROMPT
    fi
    if [[ -n $__tabctl_marking && ${PROMPT-} != *'133;A'* ]]; then
        PROMPT=$'%{\e]133;A\a%}'$PROMPT$'%{\e]133;B\a%}'
    fi
    __tabctl_made=${PROMPT-}
}

# For powerlevel10k: add `tabctl` to the elements of a prompt.
prompt_tabctl() { [[ -z ${psvar[20]-} ]] || p10k segment -f yellow -t '%20v' }

# Whether nobody else tells this terminal where prompts and commands begin.
__tabctl_may_mark() {
    [[ -t 1 && ${TERM-dumb} != dumb && ${TERM-} != linux && ${PROMPT-} != *'133;A'* ]] &&
        [[ -z ${KITTY_SHELL_INTEGRATION-}${GHOSTTY_RESOURCES_DIR-}${ITERM_SHELL_INTEGRATION_INSTALLED-} ]] &&
        [[ -z ${VSCODE_INJECTION-}${VTE_VERSION-}${WEZTERM_SHELL_SKIP_ALL-}${KONSOLE_VERSION-} ]] &&
        [[ ${TERM_PROGRAM-} != WezTerm && ${TERM_PROGRAM-} != vscode ]] && (( ! $+functions[p10k] ))
}

__tabctl_load() {
    emulate -L zsh
    setopt no_err_exit no_err_return unset
    # powerlevel10k makes the whole prompt itself, and takes an element of it.
    if [[ ${TABCTL_PROMPT-} == off || $+functions[p10k] -eq 1 ]] || ! __tabctl_percent; then
        __tabctl_prompt=off
    fi
    # Loaded twice, it is hooked in once; and last again, if others have come meanwhile.
    preexec_functions=(${preexec_functions:#__tabctl_preexec} __tabctl_preexec)
    precmd_functions=(__tabctl_precmd ${precmd_functions:#__tabctl_(precmd|paint)} __tabctl_paint)
    (( ! $+__tabctl_open )) || return 0
    zmodload zsh/datetime 2>/dev/null
    zmodload -F zsh/system b:sysread 2>/dev/null
    typeset -g __tabctl_seen=- __tabctl_made= __tabctl_marking= __tabctl_open= __tabctl_told= __tabctl_id= __tabctl_file=
    typeset -gi __tabctl_seq=0
    typeset -g __tabctl_start=-
    typeset -g TABCTL_SEGMENT= __tabctl_break=$'\036'
    typeset -g __tabctl_shown='%(20V.%(21V.%B%F{3}.)%(22V.%F{2}.)%(23V.%F{1}.)%20v%f%b .)'
    if [[ $__tabctl_marks == on && ${TABCTL_MARKS-} != off ]] && __tabctl_may_mark; then
        __tabctl_marking=1
    fi
    __tabctl_segment
}

[[ ! -o interactive ]] || {
    typeset -ga precmd_functions preexec_functions
    # The options of the person, before those of the functions take their place.
    if [[ -o prompt_percent ]]; then __tabctl_percent() { true }; else __tabctl_percent() { false }; fi
    __tabctl_load
}

# ── for `tabctl exec`, which presses a key that no keyboard has ──────────────────────────────────

# Takes the command that was left for this shell; if something stands on the line, says so instead.
# The answer is made only once: in the same way the command is taken back.
__tabctl_take() {
    emulate -L zsh
    setopt no_err_exit no_err_return unset no_clobber
    local said=typed
    __tabctl_errand=$__tabctl_run/exec/$$.errand
    [[ -f $__tabctl_errand/line ]] || return 0
    [[ -n $BUFFER$PREBUFFER || $CONTEXT != start ]] || said=taken
    { builtin print -r -- $said >$__tabctl_errand/said } 2>/dev/null || return 0
    [[ $said == taken ]] || return 0
    IFS= builtin read -r -d '' __tabctl_line <$__tabctl_errand/line
    IFS= builtin read -r -d '' __tabctl_exec <$__tabctl_errand/script
    IFS= builtin read -r __tabctl_token <$__tabctl_errand/token
    typeset -ga zshaddhistory_functions
    zshaddhistory_functions+=(__tabctl_forget)
    BUFFER=' eval "$__tabctl_exec"'
    zle .accept-line
}

# Keeps one line out of the history, and only that one.
__tabctl_forget() {
    emulate -L zsh
    zshaddhistory_functions=(${zshaddhistory_functions:#__tabctl_forget})
    [[ $1 != ' eval "$__tabctl_exec"'* ]]
}

# Nobody may be there any more to read what the command says. Without a trap a loop would go on and on;
# with one, it is as if somebody pressed Ctrl-C. One of the person's is left alone.
__tabctl_begin() {
    emulate -L zsh
    IFS= builtin read -r -d '' __tabctl_found <$__tabctl_errand/trap
    __tabctl_watched=1
    [[ $__tabctl_found != *PIPE* || $__tabctl_found == *'kill -INT $$'* ]] || __tabctl_watched=
}

# __tabctl_finish STATUS INTERRUPT: the command has ended; after Ctrl-C, or an error that ends a whole
# line, nobody has said how.
__tabctl_finish() {
    emulate -L zsh
    [[ $__tabctl_code == - ]] || return 0
    if (( $2 == 1 )); then
        __tabctl_code=130
    else
        __tabctl_code=$1
    fi
}

# Leaves $? as it was; where an error would end the shell, it may not look like a new one.
__tabctl_left() { [[ -o err_exit || -o err_return ]] || return "$1" }

# The shell ends.
__tabctl_gone() {
    local code="$?"
    emulate -L zsh
    [[ -n $__tabctl_token && $ZSH_SUBSHELL -eq 0 ]] || return 0
    # A terminal that is gone has ended the shell, and not the command.
    { : >/dev/tty } 2>/dev/null || return 0
    { builtin print -r -- $code >|$__tabctl_errand/end } 2>/dev/null
    return 0
}

# From now on this shell can be found.
__tabctl_listen() {
    emulate -L zsh
    [[ -t 0 && -o zle && -d $__tabctl_run/exec ]] || return 0
    local map
    typeset -g __tabctl_token= __tabctl_code=0 __tabctl_errand= __tabctl_line= __tabctl_exec=
    typeset -g __tabctl_found= __tabctl_watched=
    typeset -ga zshexit_functions
    zle -N __tabctl_take
    for map in emacs viins vicmd; do
        bindkey -M $map '\e[7741~' __tabctl_take
    done
    zshexit_functions=(${zshexit_functions:#__tabctl_gone} __tabctl_gone)
    builtin print zsh >|$__tabctl_run/exec/$$
}

[[ ! -o interactive ]] || __tabctl_listen 2>/dev/null || :
