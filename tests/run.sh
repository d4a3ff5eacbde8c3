#!/bin/sh
# Installs what the tests need, then runs them all; `sh tests/run.sh --help` says more.
# Must not ask anything, and must not write into the repository (but target/).
set -u

usage() {
    cat <<'END'
usage: sh tests/run.sh [--all] [NAME]

Installs what is missing (Debian and Ubuntu through apt-get, macOS through brew; the real
agents into the cache folder), then checks format, lints, documentation, scripts and
licences, and runs every test. It ends with the tests' own closing line; if a part failed,
the last line names it.

  NAME    run only the tests whose name contains NAME
  --all   run the long tests too (the same as TABCTL_TEST_LONG=1)

TABCTL_TEST_WITHOUT_AGENTS=1 leaves the real agents out (neither installed nor tested).
END
}

name=
while [ $# -gt 0 ]; do
    case $1 in
        --all) TABCTL_TEST_LONG=1; export TABCTL_TEST_LONG ;;
        -h | --help) usage; exit 0 ;;
        -*) usage >&2; exit 2 ;;
        *) name=$1 ;;
    esac
    shift
done

cd "$(dirname "$0")/.." || exit 1
cache=${XDG_CACHE_HOME:-$HOME/.cache}/tabctl-tests
# The agents at exactly these versions: npm would pick older ones where `engines` does not fit.
# Qwen needs a newer node than many systems have, so one comes along.
agents='@openai/codex@0.169.0 @anthropic-ai/claude-code@2.1.329 @google/gemini-cli@0.61.0
    opencode-ai@1.18.33 @qwen-code/qwen-code@0.24.4 @github/copilot@1.0.102 droid@0.215.0 node@22.23.3'
aider='aider-chat==0.86.2'
# In no package list of Debian.
nushell='nushell@0.115.1'
failed=

say() { printf '\n── %s\n' "$*"; }
die() { printf 'tests/run.sh: %s\n' "$*" >&2; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }

# part TITLE COMMAND…: runs it under a heading and remembers whether it failed.
part() {
    title=$1
    shift
    say "$title"
    start=$(date +%s)
    if "$@"; then
        printf 'ok (%s s)\n' "$(($(date +%s) - start))"
    else
        failed="${failed:+$failed, }$title"
        printf 'FAILED: %s\n' "$title"
    fi
}

# ── what the tests need ──────────────────────────────────────────────────────────────────────

# What is missing, as packages of $1 (apt or brew).
missing_packages() {
    while read -r program apt brew; do
        [ "$program" = strace ] && [ "$(uname)" != Linux ] && continue
        has "$program" || case $1 in apt) echo "$apt" ;; *) echo "$brew" ;; esac
    done <<'END' | grep -vx -- - | sort -u
tmux       tmux        tmux
bash       bash        bash
zsh        zsh         zsh
fish       fish        fish
elvish     elvish      elvish
mandoc     mandoc      mandoc
strace     strace      -
fzf        fzf         fzf
shellcheck shellcheck  shellcheck
python3    python3     python3
git        git         git
node       nodejs      node
cc         gcc         -
cmp        diffutils   -
END
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif has sudo; then
        sudo -n "$@" || sudo "$@"
    else
        die "not root, and no sudo: run as root: $*"
    fi
}

# apt_install PACKAGE…: without a question; the lists are fetched once.
apt_install() {
    if [ -z "${lists_are_fresh:-}" ]; then
        as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq || return
        lists_are_fresh=1
    fi
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
        "$@" </dev/null >/dev/null
}

install_packages() {
    if has apt-get; then
        packages=$(missing_packages apt)
        # A compiler alone cannot link: the C library's own files are a package of their own.
        case $packages in *gcc*) packages="$packages libc6-dev" ;; esac
        # shellcheck disable=SC2086 # a list of words
        [ -z "$packages" ] || { echo "installing:" $packages; apt_install $packages; } || return
        # Some packages of node bring npm along, Debian's own does not.
        without_agents || has npm || { echo 'installing: npm'; apt_install npm; } || return
        # Debian's python3 cannot make a folder of its own for aider without this.
        without_agents || python3 -c 'import ensurepip' 2>/dev/null ||
            { echo 'installing: python3-venv'; apt_install python3-venv; } || return
    elif has brew; then
        packages=$(missing_packages brew)
        # shellcheck disable=SC2086 # a list of words
        [ -z "$packages" ] || { echo "installing:" $packages; brew install -q $packages; } || return
    else
        packages=$(missing_packages apt)
        # shellcheck disable=SC2086 # a list of words
        [ -z "$packages" ] || die "no apt-get and no brew here; install by hand:" $packages
    fi
    [ -z "$(missing_packages apt)" ]
}

check_rust() {
    has cargo || [ ! -x "$HOME/.cargo/bin/cargo" ] || PATH=$HOME/.cargo/bin:$PATH
    has cargo || die 'cargo is not installed; rustup.rs tells how to get it'
    for tool in fmt clippy; do
        cargo "$tool" --version >/dev/null 2>&1 && continue
        has rustup || die "cargo $tool is not installed; get it where you got cargo"
        case $tool in fmt) rustup component add rustfmt ;; *) rustup component add clippy ;; esac ||
            return
    done
    cargo --version
}

without_agents() { [ "${TABCTL_TEST_WITHOUT_AGENTS:-}" = 1 ]; }

# The agents' folder is complete or not there at all, so that a broken download is tried again.
install_agents() {
    without_agents && { echo 'left out: TABCTL_TEST_WITHOUT_AGENTS=1'; return; }
    TABCTL_TEST_AGENTS=$cache/agents-$(printf '%s' "$agents $aider" | cksum | cut -d ' ' -f 1)
    export TABCTL_TEST_AGENTS
    [ -d "$TABCTL_TEST_AGENTS" ] || fetch_agents || return
    for agent in codex claude gemini opencode qwen copilot droid aider; do
        said=$(run_agent "$TABCTL_TEST_AGENTS" "$agent") ||
            { printf '%s does not run:\n%s\n' "$agent" "$said"; return 1; }
        printf '%s %s\n' "$agent" "$said" | head -n 1
    done
}

# run_agent FOLDER NAME: its version, asked with the node that came along.
run_agent() {
    PATH=$1/node_modules/.bin:$PATH "$1/node_modules/.bin/$2" --version </dev/null 2>&1
}

fetch_agents() {
    echo "installing:" "$agents" "$aider"
    mkdir -p "$cache" && fresh=$(mktemp -d "$cache/new.XXXXXX") || return
    # The two take about as long, and wait for the network most of the time.
    three_times fetch_aider "$fresh" >"$fresh/pip.log" 2>&1 &
    pip=$!
    three_times fetch_npm "$fresh" >"$fresh/npm.log" 2>&1
    npm=$?
    if ! wait "$pip" || [ "$npm" -ne 0 ] ||
        ! ln -s ../../aider/bin/aider "$fresh/node_modules/.bin/aider"; then
        cat "$fresh/npm.log" "$fresh/pip.log"
        rm -rf "$fresh"
        return 1
    fi
    # Another run may have been quicker; both are the same.
    if [ -d "$TABCTL_TEST_AGENTS" ]; then rm -rf "$fresh"; else mv "$fresh" "$TABCTL_TEST_AGENTS"; fi
}

# three_times COMMAND…: a download that broke off is tried again.
three_times() { "$@" || { sleep 2; "$@"; } || { sleep 5; "$@"; }; }

fetch_npm() {
    # shellcheck disable=SC2086 # a list of words
    npm install --no-save --no-package-lock --no-audit --no-fund --loglevel=error \
        --prefix "$1" $agents </dev/null && finish_node "$1" && finish_claude "$1"
}

# An npm that runs no install scripts leaves the package of node without its program.
finish_node() {
    "$1/node_modules/.bin/node" --version </dev/null >/dev/null 2>&1 ||
        (cd "$1/node_modules/node" && node installArchSpecificPackage.js)
}

fetch_aider() {
    python3 -m venv --clear "$1/aider" &&
        "$1/aider/bin/pip" install --quiet --disable-pip-version-check "$aider" &&
        rename_python "$1/aider/bin/aider"
}

# The script names its interpreter in full, and the folder is going to move.
rename_python() {
    { printf '#!%s/aider/bin/python3\n' "$TABCTL_TEST_AGENTS"; tail -n +2 "$1"; } >"$1.new" &&
        chmod +x "$1.new" && mv "$1.new" "$1"
}

# An npm that runs no install scripts leaves a stub in the place of claude's program.
finish_claude() {
    "$1/node_modules/.bin/claude" --version </dev/null >/dev/null 2>&1 ||
        (cd "$1/node_modules/@anthropic-ai/claude-code" && node install.cjs)
}

# The tests of the completions press Tab in it; without it they leave that out.
install_nushell() {
    has nu && return
    has npm || { echo 'left out: nushell (there is no npm)'; return; }
    folder=$cache/nushell-$(printf '%s' "$nushell" | cksum | cut -d ' ' -f 1)
    if [ ! -d "$folder" ]; then
        echo "installing: $nushell"
        mkdir -p "$cache" && fresh=$(mktemp -d "$cache/new.XXXXXX") || return
        three_times npm install --no-save --no-package-lock --no-audit --no-fund --loglevel=error \
            --prefix "$fresh" "$nushell" </dev/null || { rm -rf "$fresh"; return 1; }
        if [ -d "$folder" ]; then rm -rf "$fresh"; else mv "$fresh" "$folder"; fi
    fi
    PATH=$PATH:$folder/node_modules/.bin
    export PATH
    printf 'nushell %s\n' "$(nu --version)"
}

prepare() { install_packages && check_rust && install_agents && install_nushell; }

# ── the parts ────────────────────────────────────────────────────────────────────────────────

documentation() { RUSTDOCFLAGS='-D warnings' cargo doc --locked --no-deps --quiet; }

scripts() {
    own=$(find . -path ./target -prune -o -path ./.git -prune -o -type f \
        \( -name '*.sh' -o -name '*.bash' -o -name '*.zsh' -o -name '*.fish' \) -print)
    for script in $own .ci/run; do
        case $script in
            *.zsh) zsh -n "$script" ;;
            *.fish) fish --no-execute "$script" ;;
            *) shellcheck "$script" ;;
        esac || bad="${bad:-} $script"
    done
    [ -z "${bad:-}" ] || { echo "see:$bad"; return 1; }
}

licences() {
    if ! has cargo-deny; then
        echo 'skipped: cargo-deny is not installed (cargo install --locked cargo-deny)'
        return
    fi
    cargo deny --offline check licenses bans sources --hide-inclusion-graph || return
    if cargo deny fetch db >/dev/null 2>&1; then
        cargo deny check advisories --hide-inclusion-graph
    else
        echo 'advisories skipped: the database cannot be fetched'
    fi
}

# one_test NAME: all whose name contains it, wherever they are; none is a mistake.
one_test() {
    found=$(cargo test --locked --quiet --lib --bins --test main "$1" -- --list) || return
    printf '%s\n' "$found" | grep -q ': test$' || { echo "no test is called '$1'"; return 1; }
    cargo test --locked --lib --bins --test main "$1"
}

# Most of a test is waiting for a terminal, so more of them run at once than there are processors.
RUST_TEST_THREADS=${RUST_TEST_THREADS:-$(($(getconf _NPROCESSORS_ONLN) + 1))}
export RUST_TEST_THREADS

# The test binary of the whole program comes last: its closing line is the last one.
tests() {
    cargo test --locked --quiet --no-run && cargo test --locked --quiet --doc || return
    cargo test --locked --no-fail-fast --lib --bins --test main
}

part 'what the tests need' prepare
[ -z "$failed" ] || die 'cannot go on without what the tests need'

# Worlds of tests that were killed, from the day before.
find "$cache" -maxdepth 1 -name 'w.*' -mtime +0 -exec rm -rf {} + 2>/dev/null

if [ -n "$name" ]; then
    part "tests called $name" one_test "$name"
else
    part 'format' cargo fmt --check
    part 'lints' cargo clippy --locked --all-targets --quiet -- -D warnings
    part 'documentation' documentation
    part 'scripts' scripts
    part 'licences' licences
    say 'tests'
    tests || failed="${failed:+$failed, }tests"
fi

[ -z "$failed" ] || { printf '\nFAILED: %s\n' "$failed"; exit 1; }
