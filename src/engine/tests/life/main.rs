//! Lives over many runs: exemptions, findings and their items, the POA&M made of them, and coverage.

mod coverage;
mod exemptions;
mod findings;
mod plan_of_action;
mod toy;
