//! How many tokens a text has, estimated: no two models cut a text alike, and a table of one of them is
//! larger than this whole program. Must not promise more than an estimate.

/// So many characters make two tokens. Prose and source have eight; what tools print, with its paths,
/// numbers and signs, has fewer: `tests/fixtures/digest/tokens.tsv` has the counts.
const OF_TWO: usize = 7;

/// The tokens of a text.
pub fn tokens(text: &str) -> usize {
    of_characters(characters(text))
}

/// The tokens of so many characters.
pub fn of_characters(count: usize) -> usize {
    (count * 2).div_ceil(OF_TWO)
}

/// The most characters of so many tokens.
pub fn most_characters(tokens: usize) -> usize {
    tokens * OF_TWO / 2
}

/// The characters of a text.
pub fn characters(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().count() }
}
