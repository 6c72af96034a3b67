//! What the operating system asks of this very process. In a file of its own: the signals are the whole process's.

use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use daemon::signals::Signals;
use daemon::{Stage, Stopper};
use tokio::sync::Notify;

fn send(signal: &str) {
    let sent = Command::new("sh").args(["-c", &format!("kill -{signal} {}", std::process::id())]).status().expect("there is a shell");
    assert!(sent.success());
}

#[tokio::test]
async fn hangup_reloads_the_first_signal_finishes_and_the_second_cuts() {
    let (stopper, mut stop) = Stopper::new();
    let reload = Arc::new(Notify::new());
    let passing = tokio::spawn(Signals::take().expect("the system gives them").pass_on(stopper, Arc::clone(&reload)));
    send("HUP");
    tokio::time::timeout(Duration::from_secs(10), reload.notified()).await.expect("the configuration is to be read again");
    assert_eq!(stop.stage(), Stage::Running, "a reload is no end");
    send("TERM");
    tokio::time::timeout(Duration::from_secs(10), stop.asked()).await.expect("the end is asked for");
    assert_eq!(stop.stage(), Stage::Finishing);
    send("INT");
    tokio::time::timeout(Duration::from_secs(10), stop.now()).await.expect("there is no time left");
    passing.abort();
}
