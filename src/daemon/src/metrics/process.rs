//! What the kernel says of this process. Where it does not say, there is no number.

/// The memory that it holds.
pub fn resident_bytes() -> Option<u64> {
    resident(&std::fs::read_to_string("/proc/self/status").ok()?)
}

/// The files and connections that it has open.
pub fn open_files() -> Option<u64> {
    let listed = std::fs::read_dir("/proc/self/fd").ok()?.count() as u64;
    // One of them is the listing itself.
    Some(listed.saturating_sub(1))
}

fn resident(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::{open_files, resident, resident_bytes};

    #[test]
    fn memory_is_what_the_kernel_says_or_nothing() {
        assert_eq!(resident("Name:\tassize\nVmRSS:\t   10240 kB\nThreads:\t4\n"), Some(10_485_760));
        assert_eq!(resident("Name:\tassize\n"), None);
        if std::path::Path::new("/proc/self/status").exists() {
            assert!(resident_bytes().expect("it says") > 1_000_000);
            assert!(open_files().expect("it says") >= 3);
        }
    }
}
