//! Who carries something out, so that whoever comes later can tell whether it is still being done.

use jiff::{SignedDuration, Timestamp};

/// How long nothing need be heard of an owner on another machine before it is given up.
const SILENCE: SignedDuration = SignedDuration::from_mins(5);

/// A process: machine, process number, and when it began, because numbers come again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner(String);

impl Owner {
    /// This process.
    pub fn this() -> Self {
        let pid = std::process::id();
        Self(format!("{}/{pid}/{}", machine(), began(pid).unwrap_or_default()))
    }

    pub(crate) fn of(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// As it is stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Why it is thought to be gone, if it is: dead for certain on this machine, or not heard of for long.
    pub(crate) fn is_gone(&self, beat: Timestamp, now: Timestamp) -> Option<String> {
        let mut parts = self.0.rsplitn(3, '/');
        let (start, pid, host) = (parts.next()?, parts.next()?, parts.next()?);
        if host == machine() && cfg!(target_os = "linux") {
            let alive = pid.parse().ok().and_then(began).is_some_and(|began| began == start);
            return (!alive).then(|| format!("process {pid} on this machine is gone"));
        }
        (now.duration_since(beat) > SILENCE).then(|| format!("`{}` was last heard of at {beat}", self.0))
    }
}

/// What tells this machine, and this boot of it, from others. A container has a name of its own.
fn machine() -> String {
    let read = |path| std::fs::read_to_string(path).map(|text| text.trim().to_owned()).unwrap_or_default();
    let namespace = std::fs::read_link("/proc/self/ns/pid").map(|link| link.display().to_string()).unwrap_or_default();
    format!("{}-{}-{namespace}", read("/proc/sys/kernel/hostname"), read("/proc/sys/kernel/random/boot_id"))
}

/// When a process began, in the kernel's ticks since the machine did.
fn began(pid: u32) -> Option<String> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name in parentheses may hold anything; what follows the last one is numbers.
    let (_, rest) = stat.rsplit_once(')')?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    // A process that ended and was not fetched yet is gone all the same.
    (fields.first() != Some(&"Z")).then(|| fields.get(19).map(|field| (*field).to_owned())).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn a_live_process_is_there_however_long_it_is_silent_and_a_dead_one_is_gone_at_once() {
        let now = Timestamp::now();
        let long_ago = now - SignedDuration::from_hours(9);
        assert_eq!(Owner::this().is_gone(long_ago, now), None);
        let mut child = std::process::Command::new("sleep").arg("60").spawn().unwrap();
        let owner = Owner(format!("{}/{}/{}", machine(), child.id(), began(child.id()).unwrap()));
        assert_eq!(owner.is_gone(now, now), None);
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(owner.is_gone(now, now).unwrap().contains("gone"));
        let elsewhere = Owner("other/1/1".into());
        assert_eq!(elsewhere.is_gone(now, now), None);
        assert!(elsewhere.is_gone(long_ago, now).unwrap().contains("last heard"));
    }
}
