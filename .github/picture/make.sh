#!/bin/sh
# Makes the pictures of the README: runs tabctl in a world of its own and draws what is on the screen.
# Must touch nothing of the user's, and must show nothing that tabctl did not print.
set -eu

usage() {
    cat <<'END'
usage: sh .github/picture/make.sh [--to DIR] [--program FILE] [--age SECONDS]

Makes tabs on a private tmux server, with stand-ins for the agents: shell scripts that say to
their terminal what real agents say. Draws `tabctl ls` and, if there is one, `tabctl watch`,
and prints at the end what `tabctl resume` says.

  --to DIR        where the pictures go [default: this folder]
  --program FILE  the tabctl to show [default: the one in PATH]
  --age SECONDS   how long the oldest tab has been in its state [default: 75]
END
}

here=$(cd "$(dirname "$0")" && pwd)
to=$here program=$(command -v tabctl || :) age=75
while [ $# -gt 0 ]; do
    case $1 in
        --to) to=$2 && shift ;;
        --program) program=$2 && shift ;;
        --age) age=$2 && shift ;;
        --help | -h) usage; exit 0 ;;
        *) usage >&2; exit 2 ;;
    esac
    shift
done
[ -n "$program" ] || { echo 'make.sh: no tabctl in PATH; say --program FILE' >&2; exit 1; }

world=$(mktemp -d "${TMPDIR:-/tmp}/tabctl-picture.XXXXXX")
world=$(cd "$world" && pwd -P)
mkdir "$world/home" "$world/config" "$world/config/agents" "$world/state" "$world/run" "$world/bin"
cp "$program" "$world/bin/tabctl"

# sealed COMMAND…: with nothing of the caller's but the program search path.
sealed() {
    (cd "$world/home" && env -i PATH="$world/bin:$PATH" HOME="$world/home" SHELL=/bin/sh \
        TERM=xterm-256color LANG=C.UTF-8 TABCTL_BOOT_ID=picture TABCTL_CONFIG_DIR="$world/config" \
        TABCTL_STATE_DIR="$world/state" TABCTL_RUNTIME_DIR="$world/run" \
        TABCTL_TMUX_SOCKET="$world/tmux" TABCTL_TMUX_CONF=/dev/null "$@")
}
tabs() { sealed tmux -u -f /dev/null -S "$world/tmux" "$@"; }
shows=0
screen() { sealed tmux -u -f /dev/null -S "$world/screen.$shows" "$@"; }

# What it started ends with it, also in the middle.
finish() {
    tabs kill-server 2>/dev/null || :
    screen kill-server 2>/dev/null || :
    # Runners write a last word when their terminal goes.
    sleep 0.3
    rm -rf "$world" || { sleep 1; rm -rf "$world"; }
}
trap finish EXIT
trap 'exit 1' HUP INT TERM

# ── the stand-ins ────────────────────────────────────────────────────────────────────────────

# agent KIND: says what stands in its folder's `says` by the Program Status Protocol, and stays.
agent() {
    cat >"$world/config/agents/$1.yaml" <<END
kind: $1
program: $1
flags:
  value: [--id, --model]
  id: [--id]
data: [~/.stand-in]
start:
  preset: [--id, "{id}"]
  resume: [--id, "{id}"]
claims:
  - {file: "{data}/{pid}.json", id: id}
transcript:
  files: ["{data}/{id}.jsonl"]
END
    cat >"$world/bin/$1" <<'END'
#!/bin/bash
[ -n "${AS_ITSELF-}" ] || AS_ITSELF=1 exec -a "${0##*/}" /bin/bash "$0" "$@"
# By this record it can be seen which conversation it opened.
mkdir -p ~/.stand-in
printf '{"id":"%s"}' "$2" >~/.stand-in/$$.json
: >>~/.stand-in/"$2".jsonl
says=$(cat says)
printf '\033]7501;%s\033\\' "$says"
cat screen 2>/dev/null
# Who works writes; who waits is silent.
turn=0
while :; do
    case $says in
        state=working*) printf '\r  %-300s\r  %s' '' "working ($((turn += 1)))" ;;
    esac
    sleep 0.5
done
END
    chmod +x "$world/bin/$1"
}

# tab NAME AGENT TASK SAYS [SCREEN]: a tab with a stand-in that says so.
tab() {
    mkdir -p "$world/home/work/$1"
    printf '%s' "$4" >"$world/home/work/$1/says"
    printf '%b' "${5-}" >"$world/home/work/$1/screen"
    sealed tabctl new "$1" --agent "$2" --task "$3" --session work --detach \
        --dir "$world/home/work/$1" >/dev/null
}

# until TEXT COMMAND…: waits for a text in what the command prints.
until_shown() {
    wanted=$1 turns=0
    shift
    while ! "$@" 2>/dev/null | grep -qF -- "$wanted"; do
        turns=$((turns + 1))
        [ "$turns" -lt 300 ] || { echo "make.sh: '$wanted' did not come:" >&2; "$@" >&2; exit 1; }
        sleep 0.2
    done
}

for kind in claude codex gemini opencode; do agent "$kind"; done
question=$(printf 'drop the old column now, or in a second migration?' | base64 | tr -d '\n')

mkdir -p "$world/home/work/scratch"
sealed tabctl new scratch --session work --detach --dir "$world/home/work/scratch" >/dev/null
tab spike gemini 'try the new parser' state=idle:app=gemini
tab web claude 'dark mode for the settings page' state=working:app=claude
tab docs codex 'rewrite the quick start' state=idle:app=codex
until_shown web sealed tabctl ls --filter thinking
until_shown spike sealed tabctl ls --filter idle
until_shown docs sealed tabctl ls --filter idle
sealed tabctl close spike --yes >/dev/null
sleep "$age"
tab api claude 'make the login page work again' "state=blocked:app=claude:kind=question:msg=$question" \
    '\n  I can drop the column legacy_token in this migration, or keep it for one release.\n\n  > drop the old column now, or in a second migration?\n'
tab queue codex 'find out why jobs run twice' state=working:app=codex
tab infra opencode 'move the runners to arm64' state=idle:app=opencode
sealed tabctl lock infra >/dev/null
until_shown api sealed tabctl ls --filter attention
until_shown queue sealed tabctl ls --filter thinking
until_shown infra sealed tabctl ls --filter idle

# ── the screens ──────────────────────────────────────────────────────────────────────────────

# draw NAME COLUMNS TITLE: the screen as it stands, without the empty lines below.
draw() {
    screen capture-pane -e -p -t picture >"$world/$1"
    python3 "$here/svg.py" "$2" "$3" <"$world/$1" >"$world/$1.svg"
    mkdir -p "$to"
    mv "$world/$1.svg" "$to/$1.svg"
    echo "made: $to/$1.svg"
}

# show COLUMNS ROWS COMMAND: in a terminal of that size.
show() {
    screen kill-server 2>/dev/null || :
    # Another server each time: one that is about to end answers no more.
    shows=$((shows + 1))
    screen new-session -d -s picture -x "$1" -y "$2" "$3"
    screen set-option -g status off
}

# shellcheck disable=SC2016 # for the shell that is started
show 104 24 'printf "$ tabctl ls\n"; tabctl ls; printf "\n$ "; cat'
until_shown scratch screen capture-pane -p -t picture
draw ls 104 'tabctl ls: each tab with its state, agent, task and place'

if sealed tabctl watch --help >/dev/null 2>&1; then
    show 104 26 'tabctl watch'
    until_shown api screen capture-pane -p -t picture
    sleep 2
    draw watch 104 'tabctl watch: the tabs, and the screen of the one that is selected'
else
    echo 'left out: this tabctl has no watch'
fi

echo '$ tabctl resume'
sealed tabctl resume 2>&1
