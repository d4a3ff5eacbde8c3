//! What a press of Tab costs above the start of the program.

use super::{World, compare, quiet, tabctl};

/// The candidates for a tab, beside `tabctl --version`.
pub fn tab_pressed() {
    for tabs in [1, 100, 1000] {
        let world = World::new();
        world.tabs(tabs);
        compare(
            &format!("Tab, {tabs} tabs (beside the start)"),
            "-",
            &mut || quiet(world.command(tabctl()).arg("--version")),
            &mut || quiet(world.command(tabctl()).args(["complete", "fish", "--line=tabctl go "])),
        );
    }
}
