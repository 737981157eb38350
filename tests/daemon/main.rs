//! The daemon itself: the program, its sockets, its signals and its files.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what is wrong by failing"
)]

mod connections;
mod faults;
mod images;
mod measures;
mod process;
mod refused;
mod reload;
mod service;
mod smuggling;
mod start;
mod tls;
