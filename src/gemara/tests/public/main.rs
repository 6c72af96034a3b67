//! Tests over the published Gemara content and the official OSCAL schemas, which are not part of this project: they lie in
//! `../shared/data/oscal` beside the workspace. Where they do not, each test says so and passes, unless
//! `ASSIZE_REQUIRE_ALL=1` asks for all of them. `ASSIZE_OSCAL_DATA` names another folder; `none` says that there is none.

mod ccc;
mod content;
mod others;
