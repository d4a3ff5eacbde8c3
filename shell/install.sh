#!/bin/sh
# Builds tabctl and installs it for this user, with all it needs; `--uninstall` takes it out again.
# Must not change a start-up file of a shell without a yes, and must leave nothing else behind.
set -eu

usage() {
    cat <<'END'
usage: sh shell/install.sh [options]

Installs tmux if it is missing, builds tabctl (on Linux as one static file), puts the
program, its man pages and its shell completions below the prefix, and shows a demo.

  --prefix DIR   where to [default: ~/.local]
  --binary FILE  install this program instead of building one
  --dry-run      say what would be done, and do nothing
  --yes          answer yes to every question, also to the line for your shell
  --no-demo      do not run `tabctl demo` at the end
  --uninstall    take out what an earlier run put in
  --help         show this
END
}

prefix=${HOME:?HOME is not set}/.local
binary='' dry='' yes='' demo=1 uninstall=''
while [ $# -gt 0 ]; do
    case $1 in
        --prefix | --binary)
            [ $# -ge 2 ] || { echo "install.sh: $1 needs a value" >&2; exit 2; }
            case $1 in --prefix) prefix=$2 ;; *) binary=$2 ;; esac
            shift
            ;;
        --prefix=*) prefix=${1#*=} ;;
        --binary=*) binary=${1#*=} ;;
        --dry-run) dry=1 ;;
        --yes | -y) yes=1 ;;
        --no-demo) demo='' ;;
        --uninstall) uninstall=1 ;;
        --help | -h) usage; exit 0 ;;
        *) echo "install.sh: what is '$1'?" >&2; usage >&2; exit 2 ;;
    esac
    shift
done

# Relative to where the caller stands, before this script goes elsewhere.
absolute() { case $1 in /*) printf '%s\n' "$1" ;; *) printf '%s/%s\n' "$PWD" "$1" ;; esac; }
prefix=$(absolute "${prefix%/}")
[ -z "$binary" ] || binary=$(absolute "$binary")
source=$(cd "$(dirname "$0")/.." && pwd)
program=$prefix/bin/tabctl
# What was put in, one path a line: what --uninstall takes out.
manifest=$prefix/share/tabctl/installed

say() { printf '%s\n' "$@"; }
die() { printf 'install.sh: %s\n' "$*" >&2; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }

# run COMMAND…: does it, or says what would be done.
run() { if [ -n "$dry" ]; then say "would run: $*"; else "$@"; fi; }

# agreed QUESTION: only a person on a terminal, or --yes, can agree.
agreed() {
    [ -z "$yes" ] || return 0
    [ -t 0 ] && [ -t 1 ] || return 1
    printf '%s [y/N] ' "$1"
    read -r answer || return 1
    case $answer in [Yy] | [Yy][Ee][Ss]) return 0 ;; *) return 1 ;; esac
}

# ── what tabctl needs ────────────────────────────────────────────────────────────────────────

manager() {
    for one in apt-get dnf pacman apk zypper brew; do
        if has "$one"; then echo "$one"; return; fi
    done
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        run "$@"
    elif [ -n "$dry" ] || has sudo; then
        run sudo "$@"
    else
        die "this needs root, and there is no sudo: run as root: $*"
    fi
}

# packages NAME…: through the system's package manager.
packages() {
    case $(manager) in
        apt-get)
            as_root apt-get update -qq
            as_root env DEBIAN_FRONTEND=noninteractive \
                apt-get install -qq -y -o Dpkg::Use-Pty=0 "$@"
            ;;
        dnf) as_root dnf install -q -y "$@" ;;
        pacman) as_root pacman -S --needed --noconfirm "$@" ;;
        apk) as_root apk add "$@" ;;
        zypper) as_root zypper --non-interactive install "$@" ;;
        brew) run brew install "$@" ;;
        *) die "no package manager is known here: install $* and run this again" ;;
    esac
}

# Rust links through a C compiler; a static link takes the C library's own files as well.
linker() {
    case $(manager) in
        apt-get) echo gcc libc6-dev ;;
        dnf) echo gcc glibc-devel glibc-static ;;
        apk) echo gcc musl-dev ;;
        zypper) echo gcc glibc-devel glibc-devel-static ;;
        *) echo gcc ;;
    esac
}

need_packages() {
    missing=''
    has tmux || missing=tmux
    [ -n "$binary" ] || has cc || missing="$missing $(linker)"
    if [ -n "$missing" ]; then
        # shellcheck disable=SC2086 # a list of words
        set -- $missing
        say "missing here: $*"
        # A script has nobody to ask: whoever starts this wants it to work.
        if [ -t 0 ] && [ -z "$dry" ]; then
            agreed "install with $(manager)?" || die "tabctl needs them: install $* and run this again"
        fi
        packages "$@"
    fi
    ! has tmux || say "tmux: $(tmux -V)"
}

need_cargo() {
    has cargo || [ ! -x "$HOME/.cargo/bin/cargo" ] || PATH=$HOME/.cargo/bin:$PATH
    wanted=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$source/Cargo.toml")
    known=$(cargo --version 2>/dev/null | cut -d ' ' -f 2)
    if [ -n "$known" ] && at_least "$known" "$wanted"; then
        say "cargo: $known"
    elif has rustup; then
        die "Rust $wanted or newer is needed; \`rustup default stable && rustup update\` brings it"
    else
        die "Rust $wanted or newer is needed, with cargo: rustup.rs tells how to get it"
    fi
}

# at_least HAVE WANT: by major and minor version.
at_least() {
    [ "${1%%.*}" -gt "${2%%.*}" ] && return
    have=${1#*.} want=${2#*.}
    [ "${1%%.*}" -eq "${2%%.*}" ] && [ "${have%%.*}" -ge "${want%%.*}" ]
}

# ── the program ──────────────────────────────────────────────────────────────────────────────

# Sets `binary`.
build() {
    need_cargo
    host=$(rustc -vV | sed -n 's/^host: //p')
    static=''
    case $host in
        *-linux-gnu*)
            # Without the archive the link would fail after minutes of work.
            if has cc && [ -f "$(cc -print-file-name=libc.a)" ]; then
                static=1
                # At one address, too: a hook starts at every step of an agent, and finding all the
                # others at another one costs it a sixth of its time.
                RUSTFLAGS="${RUSTFLAGS:-} -C target-feature=+crt-static -C relocation-model=static"
                export RUSTFLAGS
            else
                say 'libc.a is not here: the program will need the C library of this system'
            fi
            ;;
    esac
    # An explicit target, because the flags above must not reach the compiler's own plug-ins.
    say "building for $host${static:+, static}: this takes some minutes"
    run cargo build --release --locked --manifest-path "$source/Cargo.toml" --target "$host"
    folder=$(cargo metadata --no-deps --format-version 1 --manifest-path "$source/Cargo.toml" |
        sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p')
    binary=$folder/$host/release/tabctl
    [ -n "$dry" ] || [ -z "$static" ] || is_static "$binary" || die "$binary should be static and is not"
}

is_static() {
    has ldd || return 0
    case $(ldd "$1" 2>&1) in
        *'statically linked'* | *'not a dynamic'* | *'Not a valid dynamic'*) return 0 ;;
        *) return 1 ;;
    esac
}

# put FILE TARGET MODE: whole or not at all, also while the old one runs.
put() {
    if [ -n "$dry" ]; then say "would install $2"; return; fi
    folders "$(dirname "$2")"
    # Written down first, so that no file is ever there unrecorded.
    installed="$installed$2
"
    if cmp -s "$1" "$2"; then
        say "up to date: $2"
    else
        # On a failure `set -e` ends the script, and `finish` sweeps.
        partial=$2.new.$$
        cp "$1" "$partial"
        chmod "$3" "$partial"
        mv -f "$partial" "$2"
        say "installed: $2"
    fi
}

# folders DIR: makes it, and remembers what was not there before.
folders() {
    [ -d "$1" ] && return
    folders "$(dirname "$1")"
    mkdir "$1"
    made="$1/
$made"
}

# Whatever happens: no scrap stays, and what was put in is written down.
finish() {
    rm -rf "$scratch" "$partial"
    [ -z "$installed" ] || write_manifest
}

install_all() {
    made='' installed='' scratch='' partial=''
    trap finish EXIT
    trap 'exit 1' HUP INT TERM
    put "$binary" "$program" 755
    if [ -n "$dry" ]; then
        say "would install man pages and completions below $prefix/share"
        return
    fi
    # The new program writes them, so that they always fit it.
    scratch=$(mktemp -d)
    mkdir "$scratch/man1"
    "$program" man --dir "$scratch/man1" >/dev/null
    for page in "$scratch/man1"/*.1; do
        put "$page" "$prefix/share/man/man1/$(basename "$page")" 644
    done
    completion bash "$prefix/share/bash-completion/completions/tabctl"
    completion zsh "$prefix/share/zsh/site-functions/_tabctl"
    completion fish "$prefix/share/fish/vendor_completions.d/tabctl.fish"
    completion elvish "$prefix/share/elvish/lib/tabctl.elv"
    completion nushell "$prefix/share/nushell/vendor/autoload/tabctl.nu"
    # PowerShell looks nowhere by itself.
    completion powershell "$prefix/share/tabctl/tabctl.ps1"
}

completion() {
    "$program" completions "$1" >"$scratch/$1"
    put "$scratch/$1" "$2" 644
}

# Files, then the folders that were made for them (`/` at the end), innermost first.
write_manifest() {
    folders "$(dirname "$manifest")"
    earlier=$(cat "$manifest" 2>/dev/null || :)
    {
        printf '%s%s' "$installed" "$made"
        [ -z "$earlier" ] || printf '%s\n' "$earlier"
    } | awk 'NF && !seen[$0]++' >"$manifest.new"
    mv -f "$manifest.new" "$manifest"
}

# ── the line for the shell ───────────────────────────────────────────────────────────────────

begin='# >>> tabctl (installed by shell/install.sh) >>>'
end='# <<< tabctl <<<'

start_file() {
    case $1 in
        bash) echo "$HOME/.bashrc" ;;
        zsh) echo "${ZDOTDIR:-$HOME}/.zshrc" ;;
        fish) echo "${XDG_CONFIG_HOME:-$HOME/.config}/fish/config.fish" ;;
    esac
}

quoted() { printf "'%s'" "$(printf '%s' "$1" | sed "s/'/'\\\\''/g")"; }

# What an interactive shell needs to find the program and its completions.
# shellcheck disable=SC2016 # these are for the shell that reads the file
shell_lines() {
    bin=$(quoted "$prefix/bin") share=$prefix/share
    case $1 in
        bash | zsh) printf 'case :$PATH: in *:%s:*) ;; *) PATH=%s:$PATH ;; esac\n' "$bin" "$bin" ;;
        fish) printf 'fish_add_path --path %s\n' "$bin" ;;
    esac
    case $1 in
        bash) printf '. %s\n' "$(quoted "$share/bash-completion/completions/tabctl")" ;;
        zsh)
            printf '(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }\n'
            printf '. %s\n' "$(quoted "$share/zsh/site-functions/_tabctl")"
            ;;
        fish) printf 'source %s\n' "$(quoted "$share/fish/vendor_completions.d/tabctl.fish")" ;;
    esac
}

block() { printf '%s\n%s\n%s\n' "$begin" "$(shell_lines "$1")" "$end"; }

# The file without our block (`drop`), or our block alone (`keep`).
sift() {
    awk -v begin="$begin" -v end="$end" -v keep="$2" '
        $0 == begin { inside = 1 }
        inside == (keep == "keep") { print }
        $0 == end { inside = 0 }' "$1"
}

has_block() { [ -f "$1" ] && grep -qxF "$begin" "$1"; }

offer_shell_lines() {
    shell=$(basename "${SHELL:-sh}")
    file=$(start_file "$shell")
    if [ -z "$file" ]; then
        case :$PATH: in *:"$prefix/bin":*) ;; *) say "put $prefix/bin on your PATH" ;; esac
        return
    fi
    if has_block "$file" && [ "$(sift "$file" keep)" = "$(block "$shell")" ]; then
        say "up to date: $file"
        return
    fi
    say '' "For $shell, these lines belong into $file:" ''
    shell_lines "$shell" | sed 's/^/    /'
    say ''
    [ -z "$dry" ] || return 0
    if agreed 'put them there now?'; then
        mkdir -p "$(dirname "$file")"
        ! has_block "$file" || withdraw "$file"
        # A last line without its end would run into ours.
        last=$(tail -c 1 "$file" 2>/dev/null || :)
        [ -z "$last" ] || echo >>"$file"
        block "$shell" >>"$file"
        say "changed: $file (new shells know tabctl)"
    fi
}

# withdraw FILE: takes our block out, and the file too if nothing else is in it. The file is written
# in place, so that a link to it and its mode stay as they are.
withdraw() {
    kept=$(sift "$1" drop; echo .)
    printf '%s' "${kept%.}" >"$1"
    [ -s "$1" ] || rm -f "$1"
}

# ── out again ────────────────────────────────────────────────────────────────────────────────

uninstall_all() {
    # Only what tabctl put there itself; where that cannot be asked, its unit finds no program.
    if [ -x "$program" ] && [ -z "$dry" ]; then
        "$program" autostart disable 2>/dev/null || :
    fi
    for shell in bash zsh fish; do
        file=$(start_file "$shell")
        has_block "$file" || continue
        run withdraw "$file"
        [ -n "$dry" ] || say "changed: $file"
    done
    if [ ! -f "$manifest" ]; then
        say "nothing is installed below $prefix"
        return
    fi
    while read -r path; do
        # The list is ours, but nothing outside the prefix is ever ours to delete.
        case $path in *//* | */../* | */..) continue ;; "$prefix"/*) ;; *) continue ;; esac
        [ -f "$path" ] || continue
        run rm -f "$path"
        [ -n "$dry" ] || say "removed: $path"
    done <"$manifest"
    gone=$(grep '/$' "$manifest" || :)
    run rm -f "$manifest"
    printf '%s\n' "$gone" | while read -r path; do
        # Only what is empty now; what others put there stays.
        [ -z "$path" ] || [ ! -d "$path" ] || run rmdir "$path" 2>/dev/null || :
    done
    say 'Left as they are: session files in your workspaces, tmux, and what tabctl keeps in' \
        "${XDG_CONFIG_HOME:-$HOME/.config}/tabctl and ${XDG_STATE_HOME:-$HOME/.local/state}/tabctl"
}

# ─────────────────────────────────────────────────────────────────────────────────────────────

if [ -n "$uninstall" ]; then
    uninstall_all
    exit
fi
need_packages
if [ -n "$binary" ]; then [ -x "$binary" ] || die "$binary is not a program"; else build; fi
install_all
offer_shell_lines
if [ -n "$demo" ]; then
    run "$program" demo
elif [ -z "$dry" ]; then
    say "next: $program demo"
fi
[ -n "$dry" ] || say '' "\`tabctl autostart enable\` brings your tabs back after each boot."
