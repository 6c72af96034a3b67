//! Tests over the published OSCAL content and the official schemas, which are not part of this project: they lie in
//! `../shared/data/oscal` beside the workspace. Where they do not, each test says so and passes, unless
//! `ASSIZE_REQUIRE_ALL=1` asks for all of them. `ASSIZE_OSCAL_DATA` names another folder; `none` says that there is none.

mod agreement;
mod constraints;
mod content;
mod resolution;
mod round_trip;
mod selection;
mod shipped;
mod xml;
mod yaml;
