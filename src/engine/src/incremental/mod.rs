//! Looks again without judging again: what rests on the same things as before stands as it stood, and what stands differently is told
//! as [`Change`]s for whoever keeps the record.
//!
//! A [`Judge`] knows what verdicts rest on and gives them; it remembers nothing, and any number of threads may ask it. A [`Roll`]
//! remembers of each known resource what its verdicts rested on. A [`Pass`] is one look at everything: it takes what providers send,
//! asks the judge about what the roll does not know as it is, counts lists and finds what is gone. [`reread`] looks at single
//! resources. A [`Gathering`] makes of [`Standing`]s what an assessment saw. An assessment in memory is a pass with an empty roll:
//! there is no other way to a verdict. Where all this is kept is left to others.

mod change;
mod fingerprint;
mod gather;
mod judge;
mod key;
mod known;
mod looked;
mod pass;
mod pattern;
mod reread;
mod roll;
mod standing;
mod step;

pub use change::{Change, Gone, Judged, Listed, Reread, Sighting};
pub use fingerprint::{BadFingerprint, Fingerprint};
pub use gather::{Gathering, NotCurrent};
pub use judge::Judge;
pub use known::Known;
pub use looked::Looked;
pub use pass::Pass;
pub use reread::reread;
pub use roll::Roll;
pub use standing::{BadVerdicts, Detail, Letter, Marks, Said, Standing, Verdicts};

#[cfg(test)]
mod tests;
