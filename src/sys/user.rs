//! Whose process this is. Must not ask the environment, which anybody can set.

use rustix::process::getuid;

/// The name of the user whose process this is; the number where no name is known.
pub fn name() -> String {
    let uid = getuid().as_raw();
    let known = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let name = known.lines().find_map(|line| {
        let mut fields = line.split(':');
        let (name, number) = (fields.next()?, fields.nth(1)?);
        (number.parse() == Ok(uid)).then(|| name.to_owned())
    });
    name.unwrap_or_else(|| format!("user {uid}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_that_of_the_system() {
        // Where it has one, it is a word; where it has none, it is said so.
        let name = name();
        assert!(!name.is_empty() && !name.contains(':'), "{name}");
    }
}
