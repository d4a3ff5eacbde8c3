//! A tab in a prompt or a bar, as text. Must look the same as what the shells make by themselves.

use serde_json::{Value, json};

use super::text;
use crate::model::segment::Seen;
use crate::model::status::State;

/// Shown of a locked tab.
const LOCK: &str = "⚿";

/// What can be filled in: `{glyph}` and so on.
pub const FIELDS: [&str; 6] = ["glyph", "tab", "state", "lock", "others", "names"];

/// As in the shells: `[! api ⚿ 2!]`; empty if there is nothing to show.
pub fn text(seen: &Seen) -> String {
    let inner = filled("{glyph} {tab} {lock} {others}", seen).unwrap_or_default();
    if inner.is_empty() { inner } else { format!("[{inner}]") }
}

/// A template with what is to be seen; or the word in braces that means nothing. What is not there
/// leaves no double space behind.
pub fn filled(template: &str, seen: &Seen) -> Result<String, String> {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, behind) = after.split_once('}').ok_or_else(|| after.to_owned())?;
        out.push_str(before);
        let value = value(name, seen).ok_or_else(|| name.to_owned())?;
        rest = if value.is_empty() && (out.is_empty() || out.ends_with(' ')) {
            behind.strip_prefix(' ').unwrap_or(behind)
        } else {
            behind
        };
        out.push_str(&value);
    }
    out.push_str(rest);
    Ok(out.trim_end().to_owned())
}

fn value(name: &str, seen: &Seen) -> Option<String> {
    let own = seen.own.as_ref();
    let of_own = |text: &dyn Fn(State) -> &'static str| own.map(|own| text(own.state).to_owned());
    let value = match name {
        "glyph" => of_own(&State::glyph),
        "tab" => own.map(|own| text::clean(&own.tab)),
        "state" => of_own(&State::word),
        "lock" => own.filter(|own| own.locked).map(|_| LOCK.to_owned()),
        "others" => (!seen.others.is_empty()).then(|| format!("{}!", seen.others.len())),
        "names" => Some(text::clean(&seen.others.join(", "))),
        _ => return None,
    };
    Some(value.unwrap_or_default())
}

/// For waybar: one line of JSON with a text, a tooltip and a class.
pub fn waybar(seen: &Seen) -> Value {
    let needs = seen.own.as_ref().is_some_and(|own| own.state == State::Attention);
    let class = match &seen.own {
        _ if needs || !seen.others.is_empty() => State::Attention.word(),
        Some(own) => own.state.word(),
        None => "quiet",
    };
    let shown = text(seen);
    let tooltip = filled("{names}", seen).unwrap_or_default();
    json!({ "text": shown.trim_matches(['[', ']']), "tooltip": tooltip, "class": class })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::segment::Segment;

    fn seen(locked: bool, others: &[&str]) -> Seen {
        let own = Segment { state: State::Idle, locked, tab: "api".to_owned() };
        Seen { own: Some(own), others: others.iter().map(ToString::to_string).collect() }
    }

    #[test]
    fn a_segment_is_as_short_as_it_can_be() {
        assert_eq!(text(&seen(false, &[])), "[○ api]");
        assert_eq!(text(&seen(true, &["a", "b"])), "[○ api ⚿ 2!]");
        assert_eq!(text(&Seen { others: vec!["a".to_owned()], own: None }), "[1!]");
        assert_eq!(text(&Seen::default()), "");
    }

    #[test]
    fn a_template_is_filled_in() {
        let all = FIELDS.map(|name| format!("{{{name}}}")).join(" ");
        assert_eq!(filled(&all, &seen(true, &["a", "b"])).as_deref(), Ok("○ api idle ⚿ 2! a, b"));
        assert_eq!(filled(&all, &seen(false, &[])).as_deref(), Ok("○ api idle"));
        assert_eq!(
            filled("{tab}: {others}|{state}", &seen(false, &[])).as_deref(),
            Ok("api: |idle")
        );
        assert_eq!(filled("plain", &Seen::default()).as_deref(), Ok("plain"));
        assert_eq!(filled("{colour}", &Seen::default()), Err("colour".to_owned()));
        assert_eq!(filled("{tab", &Seen::default()), Err("tab".to_owned()));
    }

    #[test]
    fn waybar_is_told_who_needs_a_person() {
        let told = waybar(&Seen { others: vec!["a".to_owned(), "b".to_owned()], own: None });
        assert_eq!(told, json!({ "text": "2!", "tooltip": "a, b", "class": "attention" }));
        assert_eq!(waybar(&Seen::default())["class"], "quiet");
    }
}
