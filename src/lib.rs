//! Flaskr: a small multi-author blog, served by one daemon from one SQLite database.
//!
//! # A request's journey
//!
//! A connection is accepted in [`web::server`], which keeps it within its limits. Each request goes to the map of the
//! site in `web/routes.rs`, becomes a `Request`, and reaches a view: a function in `web/auth.rs` or `web/blog.rs` that
//! asks who sent it, what it is about and what was sent, and then does it or shows the form again. A view reads and
//! writes through [`db`], answers with a page from `templates/`, and `web/response.rs` adds what every answer carries.
//!
//! # The order to read in
//!
//! 1. [`user`], [`post`], [`content`], [`comment`], [`moderation`], [`tag`], [`session`], [`image`]: the values, valid because they were parsed; a [`problem`] is what was not.
//! 2. [`db`]: every SQL statement, the writer and the readers.
//! 3. [`theme`]: templates and static files, ours or an administrator's.
//! 4. [`web`]: the site.
//! 5. [`admin`]: the administrator's command, which never sees `web`.
//! 6. [`daemon`]: the site as a service: start, reload, end; [`control`] is the way to it.
//! 7. [`config`], [`secret_key`], [`password`], [`log`], [`measure`], [`process`], [`systemd`]: one concern each.

pub mod admin;
pub mod api_token;
pub mod base_path;
pub mod cli;
pub mod clock;
pub mod comment;
pub mod config;
pub mod content;
pub mod control;
pub mod daemon;
pub mod db;
pub mod escape;
pub mod exchange;
pub mod image;
pub mod instance;
pub mod language;
pub mod log;
pub mod markdown;
pub mod measure;
pub mod message;
pub mod moderation;
pub mod password;
pub mod pool;
pub mod post;
pub mod preference;
pub mod problem;
pub mod process;
pub mod random;
pub mod search;
pub mod second_factor;
pub mod secret_key;
pub mod session;
pub mod systemd;
pub mod tag;
pub mod theme;
pub mod throttle;
pub mod tls;
pub mod token;
pub mod user;
pub mod web;
