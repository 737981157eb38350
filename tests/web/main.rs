//! The site in process: requests in, responses out, a temporary instance for each test.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what is wrong by failing"
)]

mod about;
mod account;
mod administered;
mod api;
mod assets;
mod auth;
mod below;
mod blog;
mod cache;
mod carried;
mod comment_feeds;
mod comments;
mod corpora;
mod cross_site;
mod download;
#[path = "../engine/mod.rs"]
mod engine;
mod errors;
mod exchange;
mod factory;
mod feeds;
mod forms;
mod headers;
mod health;
mod images;
mod likes;
mod lines;
mod lists;
mod logs;
mod matrix;
mod metrics;
mod moderation;
mod observatory;
mod pages;
mod passwords;
mod person;
mod preferences;
mod registration;
mod robots;
mod samples;
mod search;
mod second_factor;
mod session;
mod site;
mod theme;
mod throttle;
mod timing;
mod writing;
