//! The caller over real HTTP: against an emulator, against a server that does everything wrong, in environments of our making.

mod emulator;
mod environment;
mod moto;
mod responder;
mod trouble;
