//! The daemon's life: settings → database → listen → ready → serve → drain, and what it hears of meanwhile.

mod control;
mod database;
mod failure;
mod reload;
mod renewal;
mod sockets;
mod sources;

use std::ffi::OsString;
use std::io;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use tokio::runtime::Runtime;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::task::JoinSet;
use tokio::time::interval;
use tracing::{error, info, warn};

use crate::cli;
use crate::clock::Clock;
use crate::config::{Config, Loaded};
use crate::control::Answer;
use crate::db::{self, Db, Location};
use crate::password::PasswordPool;
use crate::tls::Resolver;
use crate::web::server::{self, Listener, Live, Role};
use crate::web::{App, metrics};
use crate::{instance, log, random, secret_key, systemd, theme, tls};
use control::Control;
use failure::{Failure, Result};
use reload::Reloader;
use sockets::Sockets;
use sources::Sources;

/// The whole program, with this environment.
pub fn main(environment: impl IntoIterator<Item = (OsString, OsString)>) -> ExitCode {
    let sources = Sources { args: cli::Daemon::parse(), environment: environment.into_iter().collect() };
    log::init();
    match run(sources) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            error!("{failure}");
            systemd::status(&failure.to_string());
            failure.exit_code()
        }
    }
}

fn run(sources: Sources) -> Result<()> {
    let handed_over = systemd::handed_over().map_err(Failure::passing)?;
    let loaded = sources.load().map_err(Failure::lasting)?;
    let config = &loaded.config;
    log::set_level(config.log.level);
    let theme = theme::load(config.site.theme.as_deref()).map_err(Failure::lasting)?;
    theme.notes.iter().for_each(|note| warn!("theme: {note}"));
    let clock = Clock::system();
    if loaded.file.is_none() {
        first_start(config, &clock)?;
    }
    let keys = sources::keys(config).map_err(Failure::lasting)?;
    let resolver = Arc::new(Resolver::default());
    let tls = tls::server_config(&config.tls, &resolver).map_err(Failure::lasting)?;
    let db = database::open(config, clock.now())?;
    let passwords = PasswordPool::start(&config.password, random::bytes()?)?;
    let app = App::new(config.clone(), theme, db, passwords, keys, clock)?;

    let runtime = Runtime::new()?;
    let served = runtime.block_on(async {
        let sockets = Sockets::open(handed_over, config).await?;
        let live = Arc::new(Live::new(app, tls));
        serve(Reloader { sources, live, sockets, resolver, settings_changed: Arc::default() }, &loaded).await
    });
    drop(runtime); // and with it every connection that is left, and so the database
    served
}

/// Without a config file, a new instance gets its key and its database here.
///
/// With one, they are the installation's business: a daemon that makes what it misses would serve an empty blog where
/// a disk was not mounted. For the same reason an instance that has a key but no database is not new.
fn first_start(config: &Config, clock: &Clock) -> Result<()> {
    instance::make_directory(&config.instance)?;
    let is_new = secret_key::generate(&config.secret_key_path(), random::bytes()?).map_err(Failure::lasting)?;
    let location = Location::of(config);
    if is_new && location.is_missing() {
        db::init(&location, clock.now()).map_err(Failure::lasting)?;
        info!("made a new instance in {}", config.instance.display());
    }
    Ok(())
}

async fn serve(reloader: Reloader, loaded: &Loaded) -> Result<()> {
    let (live, listeners) = (Arc::clone(&reloader.live), reloader.sockets.watch());
    let db = live.app().shared_db();
    let stop = stop_signal()?;
    let hangup = signal(SignalKind::hangup())?;
    let measures = measures_listener(live.app().config())?;
    let control = systemd::runtime_directory().map(|directory| Control::open(&directory)).transpose()?;
    if !db.answers().await {
        return Err("the database does not answer".into());
    }
    let place = reloader.sockets.places(live.app().config());
    info!("serving {} on {place}, settings from {}", loaded.config.instance.display(), loaded.file_name());
    systemd::ready(&serving_on(&place));
    let mut beside = JoinSet::new(); // they end when this does, and not in a runtime that ends under them
    beside.spawn(watchdog(Arc::clone(&db)));
    if let Some(listener) = measures {
        beside.spawn(metrics::serve(listener, Arc::clone(&live)));
    }
    let (resolver, changed) = (Arc::clone(&reloader.resolver), Arc::clone(&reloader.settings_changed));
    beside.spawn(renewal::renew_always(Arc::clone(&live), resolver, changed, Clock::system()));
    beside.spawn(reload_always(reloader, hangup, control));

    let mut failure = None;
    let end = async {
        tokio::select! {
            () = stop => {}
            why = db.failed() => failure = Some(why),
        }
        systemd::stopping("Finishing the requests under way");
    };
    let finished = server::run(listeners, live, end).await;
    match failure {
        Some(why) => return Err(why.into()),
        None if finished => info!("stopped, all requests finished"),
        None => warn!("stopped, with requests that did not finish in time"),
    }
    Ok(())
}

/// The listener for who asks for measures, if the settings say where.
fn measures_listener(config: &Config) -> Result<Option<Listener>> {
    let Some(listen) = &config.metrics.listen else { return Ok(None) };
    let bound = Listener::bind(Role::Site, listen); // whose connections are served elsewhere
    let listener = bound.map_err(|error| format!("cannot serve measures on {listen}: {error}"))?;
    info!("measures are on {listener}/metrics");
    Ok(Some(listener))
}

fn serving_on(place: &str) -> String {
    format!("Serving on {place}")
}

/// Done when systemd, or somebody at the terminal, wants the daemon to end.
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Tells systemd that all is well, but only while the database answers.
async fn watchdog(db: Arc<Db>) {
    let Some(period) = systemd::watchdog_interval() else { return };
    let mut beats = interval(period);
    loop {
        beats.tick().await;
        if db.answers().await {
            systemd::watchdog();
        }
    }
}

/// Reloads whenever that is asked for: one after the other.
async fn reload_always(reloader: Reloader, mut hangup: Signal, control: Option<Control>) {
    let next = async || match &control {
        Some(control) => control.next().await,
        None => std::future::pending().await,
    };
    loop {
        tokio::select! {
            _ = hangup.recv() => {
                systemd::reloading("Reading the settings anew");
                let (_, status) = reload(&reloader, None).await;
                systemd::ready(&status);
            }
            asker = next() => {
                let Some(question) = asker.question().await else { continue };
                let (answer, status) = reload(&reloader, Some(&question.keys)).await;
                systemd::status(&status);
                question.answer(&answer).await;
            }
        }
    }
}

/// Reloads, and says what came of it: to who asked, and in the status of the service.
async fn reload(reloader: &Reloader, keys: Option<&str>) -> (Answer, String) {
    let answer = match reloader.reload(keys).await {
        Ok(done) => {
            info!("{done}");
            Answer::Done(done)
        }
        Err(refused) => {
            error!("reload refused, all is as before: {refused}");
            Answer::Refused(refused.to_string())
        }
    };
    let mut status = serving_on(&reloader.sockets.places(reloader.live.app().config()));
    if let Answer::Refused(why) = &answer {
        status = format!("{status}; the last reload was refused: {why}");
    }
    (answer, status)
}
