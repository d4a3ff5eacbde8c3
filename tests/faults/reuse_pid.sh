#!/bin/sh
# Gives the numbers of a tab's agent and runner to foreign processes, again and again: ROUNDS FOLDER.
# Must run in a pid namespace of its own with its own /proc: it kills by number.
set -eu
echo 600 >/proc/sys/kernel/pid_max
rounds=$1
cd "$2"

socket=$TABCTL_TMUX_SOCKET
live() { cat "$TABCTL_RUNTIME_DIR"/live/*.json; }
agents() { grep -la 'demo-[a]gent' /proc/[0-9]*/cmdline 2>/dev/null | wc -l; }
gone() { ! kill -0 "$1" 2>/dev/null; }

# The lowest numbers are given once and never again.
while [ "$(sh -c 'echo $$')" -lt 320 ]; do :; done

# take NUMBER: starts `sleep`s until one has this number; the others end at once.
take() {
    tries=0
    while [ "$tries" -lt 2000 ]; do
        tries=$((tries + 1))
        sleep 600 &
        [ "$!" = "$1" ] && return
        kill -9 "$!"
        wait "$!" 2>/dev/null || :
    done
    echo "the number $1 was not given again" >&2
    exit 1
}

tabctl new api --agent demo --detach >/dev/null
round=0
while [ "$round" -lt "$rounds" ]; do
    round=$((round + 1))
    agent=$(live | sed -n 's/.*"agent":{"pid":\([0-9]*\).*/\1/p')
    runner=$(live | sed -n 's/.*"runner":{"pid":\([0-9]*\).*/\1/p')
    server=$(tmux -S "$socket" display-message -p '#{pid}')
    # The first may have taken the others along.
    for doomed in "$server" "$runner" "$agent"; do kill -9 "$doomed" 2>/dev/null || :; done
    until gone "$server" && gone "$runner" && gone "$agent"; do sleep 0.01; done
    rm -f "$socket"
    take "$agent"
    take "$runner"
    state=$(tabctl ls --json | tr ',' '\n' | tr '{' '\n' | sed -n 's/^ *"state": *"\([a-z]*\)".*/\1/p' | head -n 1)
    tabctl resume api >/dev/null
    untouched=untouched
    kill -0 "$agent" && kill -0 "$runner" || untouched=killed
    echo "$agent $runner $state $(agents) $untouched"
    kill -9 "$agent" "$runner"
    wait "$agent" "$runner" 2>/dev/null || :
done
