//! Time, boot identity and randomness. Must not be asked by `model`: pure code gets values.

use std::time::Duration;

use chrono::{DateTime, SubsecRound, Utc};

/// Now, in whole milliseconds: what a session file can hold.
#[allow(clippy::disallowed_methods)] // this is the door
pub fn now() -> DateTime<Utc> {
    Utc::now().trunc_subsecs(3)
}

/// How long ago the machine was started, its sleep included; nothing where the system does not tell.
/// Nobody can set this clock.
pub fn up() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/uptime").ok()?;
    let seconds: f64 = text.split_whitespace().next()?.parse().ok()?;
    Duration::try_from_secs_f64(seconds).ok()
}

/// The identity of this boot. A process or a claim of another boot cannot be alive.
///
/// `TABCTL_BOOT_ID` overrides it, so that a reboot can be simulated. Empty where the system has none.
pub fn boot_id() -> String {
    if let Ok(injected) = std::env::var("TABCTL_BOOT_ID") {
        return injected;
    }
    std::fs::read_to_string("/proc/sys/kernel/random/boot_id")
        .map(|id| id.trim().to_owned())
        .unwrap_or_default()
}

/// Milliseconds since the machine was started, those in which it slept among them. Nobody can set it.
pub fn since_boot() -> u64 {
    #[cfg(target_os = "linux")]
    let clock = rustix::time::ClockId::Boottime;
    // Elsewhere this one does not stand still either.
    #[cfg(not(target_os = "linux"))]
    let clock = rustix::time::ClockId::Monotonic;
    let now = rustix::time::clock_gettime(clock);
    let seconds = u64::try_from(now.tv_sec).unwrap_or(0);
    seconds * 1000 + u64::try_from(now.tv_nsec / 1_000_000).unwrap_or(0)
}

/// 128 random bits from the system.
pub fn random_u128() -> anyhow::Result<u128> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(|e| anyhow::anyhow!("no random numbers: {e}"))?;
    Ok(u128::from_le_bytes(bytes))
}

/// A random UUID (version 4), as the agents that let one choose an id want it.
pub fn new_uuid() -> anyhow::Result<String> {
    let bits = random_u128()? & !(0xf << 76) & !(0x3 << 62) | (0x4 << 76) | (0x2 << 62);
    let hex = format!("{bits:032x}");
    Ok([&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-"))
}

/// The operating system and the host's name: `("linux", "lab3")`, `("wsl:Debian", …)`.
pub fn machine() -> (String, String) {
    let name = rustix::system::uname();
    let host = name.nodename().to_string_lossy().into_owned();
    let os = match (std::env::consts::OS, std::env::var("WSL_DISTRO_NAME")) {
        ("linux", Ok(distro)) => format!("wsl:{distro}"),
        (os, _) => os.to_owned(),
    };
    (os, host)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test may stop at the first surprise
    use super::*;

    #[test]
    fn a_uuid_has_the_form_that_agents_accept() {
        let (one, two) = (new_uuid().unwrap(), new_uuid().unwrap());
        assert_ne!(one, two);
        let parts: Vec<_> = one.split('-').map(str::len).collect();
        assert_eq!(parts, [8, 4, 4, 4, 12]);
        assert_eq!(one.as_bytes()[14], b'4');
        assert!(b"89ab".contains(&one.as_bytes()[19]), "{one}");
    }
}
