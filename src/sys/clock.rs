//! Time, boot identity and randomness. Must not be asked by `model`: pure code gets values.

use chrono::{DateTime, SubsecRound, Utc};

/// Now, in whole milliseconds: what a session file can hold.
#[allow(clippy::disallowed_methods)] // this is the door
pub fn now() -> DateTime<Utc> {
    Utc::now().trunc_subsecs(3)
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

/// 128 random bits from the system.
pub fn random_u128() -> anyhow::Result<u128> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(|e| anyhow::anyhow!("no random numbers: {e}"))?;
    Ok(u128::from_le_bytes(bytes))
}
