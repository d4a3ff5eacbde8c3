//! What every engine must do with a text that is typed into a pane. Must look at the screen alone.

#![allow(clippy::unwrap_used)] // a test says what it expects by failing

use super::{Engine, screen, slot};

pub fn a_paste_arrives_as_it_is_and_enter_comes_apart(engine: &dyn Engine) {
    let argv = ["sh", "-c", "echo env:; exec cat >/dev/null"].map(str::to_owned);
    let id = engine.open(&slot("work", None), &argv, &[]).unwrap();
    screen(engine, &id, "env:");
    engine.enter(&id).unwrap();
    for text in ["a ; b;", "#(id) $(id) `id` %5", "C-c Enter -t", "été 🚀 \\e[31m"] {
        engine.paste(&id, text).unwrap();
        // What is typed at a terminal can be seen there: whole, and in one line until Enter.
        screen(engine, &id, text);
        engine.enter(&id).unwrap();
    }
    engine.press(&id, "by keys").unwrap();
    screen(engine, &id, "by keys");
    let long = "x".repeat(crate::sys::run::MOST_INPUT + 1);
    assert!(engine.name() == "fake" || engine.paste(&id, &long).is_err());
}
