//! How often a request asks for memory, on whatever thread: a line for each, with its name, the number, and the bytes
//! of the answer's body.
//!
//! divan counts on the thread that asks, and not on those that read the database or hash.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark says what is wrong by failing, and prints")]

mod site;

use std::alloc::System;

use site::Site;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const POSTS: usize = 5;
/// Requests that are counted, after as many that were not.
const REQUESTS: usize = 1000;

fn main() {
    let site = Site::new(POSTS);
    for ask in site.asks() {
        let bytes = (0..REQUESTS).map(|_| site.answer(&ask).body.len()).max().unwrap();
        let region = Region::new(ALLOCATOR);
        (0..REQUESTS).for_each(|_| drop(site.answer(&ask)));
        let stats = region.change();
        println!("{} {} {bytes}", ask.name, (stats.allocations + stats.reallocations).div_ceil(REQUESTS));
    }
}
