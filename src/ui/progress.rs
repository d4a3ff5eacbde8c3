//! How far a resume got, in one line. Must fit the terminal, or it could not be taken back.

use super::text;

/// Columns of the bar.
const BAR: usize = 20;

/// `[█████░░░░░] 12/40  api, web`: what is done, and what is starting.
pub fn line(done: usize, all: usize, starting: &[String], columns: usize) -> String {
    let filled = BAR * done.min(all) / all.max(1);
    let bar = format!("{}{}", "█".repeat(filled), "░".repeat(BAR - filled));
    let names = starting.iter().map(|name| text::clean(name)).collect::<Vec<_>>().join(", ");
    let starting = if names.is_empty() { names } else { format!("  starting {names}") };
    // In the last column some terminals begin a new line.
    text::cut(&format!("[{bar}] {done}/{all}{starting}"), columns.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_tells_how_far_it_got_and_fits() {
        let names = ["api".to_owned(), "we\u{1b}b".to_owned()];
        let whole = line(5, 20, &names, 80);
        assert_eq!(whole, "[█████░░░░░░░░░░░░░░░] 5/20  starting api, we?b");
        assert_eq!(line(20, 20, &[], 80), "[████████████████████] 20/20");
        assert_eq!(text::width(&line(5, 20, &names, 30)), 29);
        assert!(line(0, 0, &[], 3).len() < 10);
    }
}
