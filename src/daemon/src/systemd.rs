//! What the service manager is told: ready, reloading, stopping, and that the pulse is there. Datagrams to the socket that it names;
//! without one nothing is told, and nothing is wrong.

use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::time::{Duration, Instant};

use crate::{Health, Stop};

/// Speaks to the service manager.
#[derive(Debug)]
pub struct Notifier {
    to: Option<(UnixDatagram, SocketAddr)>,
}

impl Notifier {
    /// To the socket that the environment names in `NOTIFY_SOCKET`.
    ///
    /// # Errors
    /// If it names a socket that cannot be used.
    pub fn from_env(env: &dyn Fn(&str) -> Option<String>) -> Result<Self, String> {
        let Some(name) = env("NOTIFY_SOCKET").filter(|name| !name.is_empty()) else { return Ok(Self { to: None }) };
        let told = |error: std::io::Error| format!("the service manager's socket `{name}` cannot be used: {error}");
        let address = match name.strip_prefix('@') {
            Some(hidden) => SocketAddr::from_abstract_name(hidden).map_err(told)?,
            None if name.starts_with('/') => SocketAddr::from_pathname(&name).map_err(told)?,
            None => return Err(format!("`NOTIFY_SOCKET` is `{name}`, which is neither a path nor an abstract socket")),
        };
        Ok(Self { to: Some((UnixDatagram::unbound().map_err(told)?, address)) })
    }

    /// Started, or done with reloading.
    pub fn ready(&self, status: &str) {
        self.tell(&format!("READY=1\nSTATUS={}", one_line(status)));
    }

    /// The configuration is being read again. The time lets the manager tell this reload from the one before.
    pub fn reloading(&self) {
        self.tell(&format!("RELOADING=1\nMONOTONIC_USEC={}\nSTATUS=reading the configuration again", monotonic_usec()));
    }

    /// The end has begun.
    pub fn stopping(&self) {
        self.tell("STOPPING=1\nSTATUS=finishing what runs");
    }

    /// Alive.
    pub fn alive(&self) {
        self.tell("WATCHDOG=1");
    }

    /// Tells the watchdog that we are alive, as often as it wants to hear, for as long as the loops beat. A loop that is stuck is silence,
    /// and the service manager starts us anew.
    pub async fn keep_alive(&self, within: Duration, health: &Health, mut stop: Stop) {
        let mut ticking = tokio::time::interval(within / 2);
        ticking.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = stop.now() => return,
                _ = ticking.tick() => {}
            }
            let reasons = health.not_alive(Instant::now());
            match reasons.is_empty() {
                true => self.alive(),
                false => tracing::error!(?reasons, "stuck; the watchdog is not told that all is well"),
            }
        }
    }

    fn tell(&self, message: &str) {
        if let Some((socket, address)) = &self.to
            && let Err(error) = socket.send_to_addr(message.as_bytes(), address)
        {
            tracing::warn!(%error, "the service manager cannot be told `{}`", message.lines().next().unwrap_or_default());
        }
    }
}

/// How often the watchdog wants to hear of this process; absent where there is none.
pub fn watchdog(env: &dyn Fn(&str) -> Option<String>, process: u32) -> Option<Duration> {
    let micros: u64 = env("WATCHDOG_USEC")?.parse().ok().filter(|micros| *micros > 0)?;
    // It may be meant for a parent that left it in the environment.
    let meant = env("WATCHDOG_PID").is_none_or(|id| id == process.to_string());
    meant.then(|| Duration::from_micros(micros))
}

fn monotonic_usec() -> i64 {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
    now.tv_sec * 1_000_000 + now.tv_nsec / 1_000
}

fn one_line(text: &str) -> String {
    text.replace(['\n', '\r'], " ")
}

#[cfg(test)]
mod tests {
    use std::os::linux::net::SocketAddrExt;
    use std::os::unix::net::{SocketAddr, UnixDatagram};
    use std::time::{Duration, Instant};

    use super::{Notifier, monotonic_usec, watchdog};
    use crate::{Health, Period, Stopper};

    fn heard(socket: &UnixDatagram) -> String {
        socket.set_read_timeout(Some(Duration::from_secs(5))).expect("a timeout");
        let mut buffer = [0; 512];
        let size = socket.recv(&mut buffer).expect("something is told");
        String::from_utf8_lossy(&buffer[..size]).into_owned()
    }

    fn says_everything(notifier: &Notifier, socket: &UnixDatagram) {
        let before = monotonic_usec();
        notifier.ready("12 schedules\nREADY=0");
        assert_eq!(heard(socket), "READY=1\nSTATUS=12 schedules READY=0");
        notifier.reloading();
        let told = heard(socket);
        let time: i64 = told.lines().find_map(|line| line.strip_prefix("MONOTONIC_USEC=")).expect("a time").parse().expect("a number");
        assert!(told.starts_with("RELOADING=1\n") && time >= before && time <= monotonic_usec(), "{told}");
        notifier.stopping();
        assert!(heard(socket).starts_with("STOPPING=1\n"));
        notifier.alive();
        assert_eq!(heard(socket), "WATCHDOG=1");
    }

    #[test]
    fn the_service_manager_is_told_through_a_socket_in_a_folder() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("notify");
        let socket = UnixDatagram::bind(&path).expect("a socket");
        let name = path.display().to_string();
        says_everything(&Notifier::from_env(&|_| Some(name.clone())).expect("it can be used"), &socket);
    }

    #[test]
    fn the_service_manager_is_told_through_an_abstract_socket() {
        let name = format!("assize-daemon-test-{}", std::process::id());
        let address = SocketAddr::from_abstract_name(&name).expect("an address");
        let socket = UnixDatagram::bind_addr(&address).expect("a socket");
        says_everything(&Notifier::from_env(&|_| Some(format!("@{name}"))).expect("it can be used"), &socket);
    }

    #[test]
    fn without_a_service_manager_nothing_is_told_and_nothing_is_wrong() {
        let nobody = Notifier::from_env(&|_| None).expect("nothing is wrong");
        nobody.ready("");
        assert!(Notifier::from_env(&|_| Some("vsock:2:1234".into())).expect_err("it is no path").contains("neither a path"));
        // A manager that went away is a line in the log, not the end.
        Notifier::from_env(&|_| Some("/nowhere/notify".into())).expect("it may come").alive();
    }

    #[test]
    fn a_watchdog_that_waits_for_another_process_is_not_ours() {
        let env = |pid: &'static str| {
            move |name: &str| match name {
                "WATCHDOG_USEC" => Some("30000000".to_owned()),
                "WATCHDOG_PID" => Some(pid.to_owned()).filter(|pid| !pid.is_empty()),
                _ => None,
            }
        };
        assert_eq!(watchdog(&env("42"), 42), Some(Duration::from_secs(30)));
        assert_eq!(watchdog(&env("7"), 42), None);
        assert_eq!(watchdog(&env(""), 42), Some(Duration::from_secs(30)));
        assert_eq!(watchdog(&|_| None, 42), None);
    }

    #[tokio::test]
    async fn a_stuck_loop_is_silence_to_the_watchdog() {
        let name = format!("assize-watchdog-test-{}", std::process::id());
        let socket = UnixDatagram::bind_addr(&SocketAddr::from_abstract_name(&name).expect("an address")).expect("a socket");
        socket.set_nonblocking(true).expect("it can be");
        let notifier = Notifier::from_env(&|_| Some(format!("@{name}"))).expect("it can be used");
        let health = Health::new(Period::seconds(1));
        health.beat("ticks", Instant::now());
        let (stopper, stop) = Stopper::new();
        let listening = async {
            let mut told = 0;
            let start = Instant::now();
            // Ten times in the second that its only beat lasts; twenty if it were told although the loop is stuck.
            while start.elapsed() < Duration::from_millis(2_000) {
                tokio::time::sleep(Duration::from_millis(10)).await;
                let mut buffer = [0; 32];
                if socket.recv(&mut buffer).is_ok() {
                    told += 1;
                }
            }
            stopper.cut();
            told
        };
        let (told, ()) = tokio::join!(listening, notifier.keep_alive(Duration::from_millis(200), &health, stop));
        assert!((1..=12).contains(&told), "{told}");
    }
}
