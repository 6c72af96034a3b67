//! The token by which everything that runs learns that it should end: first politely, then at once.

use tokio::sync::watch;

use crate::Period;

/// How far the end has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Nobody asked.
    Running,
    /// Take nothing new; finish what runs.
    Finishing,
    /// Let go of everything; the record stays true.
    Now,
}

/// Who can ask for the end.
#[derive(Clone, Debug)]
pub struct Stopper(watch::Sender<Stage>);

/// Who must listen for it.
#[derive(Clone, Debug)]
pub struct Stop(watch::Receiver<Stage>);

impl Stopper {
    /// A new pair.
    pub fn new() -> (Self, Stop) {
        let (sender, receiver) = watch::channel(Stage::Running);
        (Self(sender), Stop(receiver))
    }

    /// Goes one stage on, as a second signal does.
    pub fn ask(&self) {
        self.0.send_modify(|stage| {
            *stage = match stage {
                Stage::Running => Stage::Finishing,
                Stage::Finishing | Stage::Now => Stage::Now,
            }
        });
    }

    /// Goes to the last stage.
    pub fn cut(&self) {
        self.0.send_replace(Stage::Now);
    }

    /// Cuts when what runs has had its time to finish. Ends by itself when all are told.
    pub async fn cut_after(&self, grace: Period) {
        let mut stop = Stop(self.0.subscribe());
        stop.asked().await;
        tokio::select! {
            () = stop.now() => {}
            () = tokio::time::sleep(grace.into()) => self.cut(),
        }
    }
}

impl Stop {
    /// How far it has come.
    pub fn stage(&self) -> Stage {
        *self.0.borrow()
    }

    /// Waits until somebody asks for the end.
    pub async fn asked(&mut self) {
        self.reached(Stage::Finishing).await;
    }

    /// Waits until there is no time left.
    pub async fn now(&mut self) {
        self.reached(Stage::Now).await;
    }

    async fn reached(&mut self, wanted: Stage) {
        // When every stopper is gone the program is ending too: that counts as having been asked.
        drop(self.0.wait_for(|stage| *stage >= wanted).await);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Stage, Stopper};
    use crate::Period;

    #[tokio::test]
    async fn the_first_request_finishes_and_the_second_cuts() {
        let (stopper, mut stop) = Stopper::new();
        assert_eq!(stop.stage(), Stage::Running);
        stopper.ask();
        stop.asked().await;
        assert_eq!(stop.stage(), Stage::Finishing);
        assert!(tokio::time::timeout(Duration::from_millis(20), stop.now()).await.is_err(), "not yet");
        stopper.ask();
        stop.now().await;
        assert_eq!(stop.stage(), Stage::Now);
    }

    #[tokio::test]
    async fn what_runs_longer_than_the_grace_is_cut() {
        let (stopper, mut stop) = Stopper::new();
        let waiting = tokio::spawn({
            let stopper = stopper.clone();
            async move { stopper.cut_after(Period::seconds(1)).await }
        });
        let asked = std::time::Instant::now();
        stopper.ask();
        stop.now().await;
        assert!(asked.elapsed() >= Duration::from_millis(990));
        waiting.await.expect("it ends by itself");
    }
}
