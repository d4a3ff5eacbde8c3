//! Small agents of the tests' own, each a shell script with a file of data: what an agent can do to its
//! conversations is shown on them without any real one. Must not do more than real agents do.

use std::os::unix::fs::PermissionsExt;

use super::world::World;

/// A conversation is a file of lines; one is begun under a chosen id, resumed and copied. Like some
/// real agents it adds to the file by its name, makes a second, empty one when it resumes, and deletes
/// at its start both files of others that were resumed, also those that are open.
const SCRIBE: &str = r#"
dir=$HOME/scribe; mkdir -p "$dir/open"
while [ $# -gt 1 ]; do
  case $1 in
    --id) id=$2 ;;
    --resume) id=$2; old=$2 ;;
    --copy) copy=$2 ;;
  esac
  shift 2
done
file=$dir/$id.jsonl
if [ -e "$dir/forgets" ]; then
  for twin in "$dir"/*.twin.jsonl; do
    other=$(basename "$twin" .twin.jsonl)
    [ "$other" = "$id" ] || rm -f "$dir/$other.jsonl" "$twin"
  done
fi
if [ -n "$old" ]; then
  [ -e "$file" ] || { echo "no conversation $old"; exit 3; }
  sed -n 's/.*"said": *"\([^"]*\)".*/earlier: \1/p' "$file"
  [ -e "$dir/forgets" ] && echo "{\"id\": \"$id\"}" >"$dir/$id.twin.jsonl"
elif [ -n "$copy" ]; then
  [ -e "$dir/$copy.jsonl" ] || { echo "no conversation $copy"; exit 3; }
  sed -n 's/.*"said": *"\([^"]*\)".*/earlier: \1/p' "$dir/$copy.jsonl"
else
  echo "{\"id\": \"$id\"}" >"$file"
fi
echo "{\"id\": \"$id\"}" >"$dir/open/$$.json"
echo "scribe $id"
printf 'say> '
while read -r line; do
  if [ -n "$copy" ]; then
    sed "s/$copy/$id/" "$dir/$copy.jsonl" >"$file"; copy=
  fi
  echo "{\"id\": \"$id\"}" >>"$dir/prompts"
  echo "{\"kind\": \"word\", \"said\": \"$line\"}" >>"$file"
  echo "wrote $line"
  printf 'say> '
done
"#;

const SCRIBE_DATA: &str = r#"
kind: scribe
program: scribe
data: [~/scribe]
flags:
  value: [--id, --resume, --copy]
  id: [--id, --resume]
  fork: [--copy]
start:
  preset: [--id, "{id}"]
  resume: [--resume, "{id}"]
  fork: [--copy, "{id}", --id, "{new_id}"]
  keep_copy: true
  empty_twins: true
  keep_setting: {file: "{data}/settings.json", key: keeping.forget, value: false}
claims:
  - {file: "{data}/open/{pid}.json", id: id}
transcript:
  files: ["{data}/{id}.jsonl", "{data}/{id}.*.jsonl"]
  prompts: ["{data}/prompts"]
  lines:
    - {id: "{id}"}
    - {kind: word}
"#;

/// A program whose conversation is its folder's.
const DIARY: &str = r#"
file=$PWD/.diary
[ "$1" = --again ] && echo "has $(wc -l <"$file" 2>/dev/null || echo 0) lines"
[ "$2" = --file ] && file=$PWD/$3
[ "$1" = --file ] && file=$PWD/$2
echo begun >>"$file"
echo "diary $file"
while read -r line; do echo "$line" >>"$file"; echo "wrote $line"; done
"#;

const DIARY_DATA: &str = r#"
kind: diary
program: diary
session_id: none
environment:
  of_flags: {--file: DIARY_FILE}
flags:
  alone: [--again]
  value: [--file]
start:
  resume: [--again]
transcript:
  files: [$DIARY_FILE, "{directory}/.diary"]
"#;

impl World {
    /// Installs the scribe.
    pub fn install_scribe(&mut self) {
        self.install_agent("scribe", SCRIBE, SCRIBE_DATA);
    }

    /// Installs the diary.
    pub fn install_diary(&mut self) {
        self.install_agent("diary", DIARY, DIARY_DATA);
    }

    fn install_agent(&mut self, kind: &str, script: &str, data: &str) {
        let bin = self.path("bin");
        let agents = self.path("config").join("agents");
        for folder in [&bin, &agents] {
            std::fs::create_dir_all(folder).expect("the world is writable");
        }
        // A shell of the agent's own name, so that the process table shows that one.
        let shell = bin.join(format!("{kind}.d")).join(kind);
        std::fs::create_dir_all(shell.parent().expect("a file has a folder")).expect("as above");
        std::os::unix::fs::symlink("/bin/sh", &shell).expect("as above");
        let script = format!("#!{}{script}", shell.display());
        std::fs::write(bin.join(kind), script).expect("the world is writable");
        let mode = PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(bin.join(kind), mode).expect("the file is ours");
        std::fs::write(agents.join(format!("{kind}.yaml")), data).expect("the world is writable");
        self.put_on_path(&bin);
    }

    /// Makes a tab with the scribe in a workspace of its name, and says something there.
    #[track_caller]
    pub fn scribe_tab(&self, tab: &str, word: &str) {
        let folder = self.workspace(tab);
        self.tabctl_in(&folder, ["new", tab, "--agent", "scribe", "--detach"]).ok();
        self.write(tab, word);
    }

    /// Says something to the scribe in a tab.
    #[track_caller]
    pub fn write(&self, tab: &str, word: &str) {
        let pane = self.pane(tab);
        self.wait_for_text(&pane, "say> ");
        self.type_line(&pane, word);
        self.wait_for_text(&pane, &format!("wrote {word}"));
    }

    /// What the scribe's conversation in a file holds, in order; nothing if it does not begin as one.
    pub fn written(&self, id: &str) -> Vec<String> {
        let path = self.home().join("scribe").join(format!("{id}.jsonl"));
        let text = std::fs::read_to_string(path).unwrap_or_default();
        let lines = text.lines().map(|line| serde_json::from_str(line).unwrap_or_default());
        let lines: Vec<serde_json::Value> = lines.collect();
        if lines.first().is_none_or(|first| first["id"] != id) {
            return Vec::new();
        }
        lines.iter().filter_map(|line| line["said"].as_str().map(str::to_owned)).collect()
    }

    /// The conversation of a tab.
    #[track_caller]
    pub fn conversation(&self, tab: &str) -> String {
        self.row(tab)["session_id"].as_str().unwrap_or_default().to_owned()
    }
}
