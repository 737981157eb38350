//! The daemon: arguments → settings → log → database → listen → ready → serve → drain. Or else the administrator's
//! command, which is `flaskr admin`.

use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;
use std::{env, io};

use clap::Parser;
use tokio::runtime::Runtime;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::interval;
use tracing::{error, info, warn};

use flaskr::admin;
use flaskr::cli::Daemon;
use flaskr::clock::Clock;
use flaskr::config::{Config, Loaded};
use flaskr::db::{self, Db};
use flaskr::password::PasswordPool;
use flaskr::secret_key::{self, KeyRing};
use flaskr::web::App;
use flaskr::web::server::{self, Listener};
use flaskr::{instance, log, random, systemd, theme};

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// The word before those of the administrator's command. It is in this program too, so that a package carries the
/// database engine, and all else that both need, once.
const ADMIN: &str = "admin";

fn main() -> ExitCode {
    let mut words = env::args_os().skip(1);
    if words.next().is_some_and(|word| word == ADMIN) {
        return admin::main(words, env::vars_os());
    }
    serve_site()
}

fn serve_site() -> ExitCode {
    let args = Daemon::parse();
    log::init();
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            error!("{error}");
            systemd::status(&error.to_string());
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Daemon) -> Result<()> {
    let loaded = args.config.load(env::vars_os(), args.overrides())?;
    let theme = theme::load(loaded.config.site.theme.as_deref())?;
    theme.notes.iter().for_each(|note| warn!("theme: {note}"));
    let clock = Clock::system();
    if loaded.file.is_none() {
        first_start(&loaded.config, &clock)?;
    }
    let keys = key_ring(&loaded.config)?;
    let db = Db::open(&loaded.config.database_file(), &loaded.config.database, clock.now())?;
    let passwords = PasswordPool::start(&loaded.config.password, random::bytes()?)?;
    let app = App::new(loaded.config.clone(), theme, db, passwords, keys, clock)?;

    let runtime = Runtime::new()?;
    let served = runtime.block_on(serve(&loaded, Arc::clone(&app)));
    drop(runtime); // and with it every connection that is left, so that
    drop(app); // this closes the database
    served
}

/// Without a config file, a new instance gets its key and its database here.
///
/// With one, they are the installation's business: a daemon that makes what it misses would serve an empty blog where
/// a disk was not mounted. For the same reason an instance that has a key but no database is not new.
fn first_start(config: &Config, clock: &Clock) -> Result<()> {
    instance::make_directory(&config.instance)?;
    let is_new = secret_key::generate(&config.secret_key_path(), random::bytes()?)?;
    if is_new && !config.database_file().exists() {
        db::init(&config.database_file(), clock.now())?;
        info!("made a new instance in {}", config.instance.display());
    }
    Ok(())
}

fn key_ring(config: &Config) -> std::result::Result<KeyRing, secret_key::Error> {
    match systemd::credential("secret_key") {
        Some(path) => KeyRing::from_credential(&path),
        None => KeyRing::from_file(&config.secret_key_path()),
    }
}

async fn serve(loaded: &Loaded, app: Arc<App>) -> Result<()> {
    let listen = &loaded.config.listen;
    let listener = Listener::bind(listen).map_err(|error| format!("cannot listen on {listen}: {error}"))?;
    let place = listener.address().map_or_else(|| listen.to_string(), |address| format!("http://{address}"));
    let stop = stop_signal()?;
    if !app.db().answers().await {
        return Err("the database does not answer".into());
    }
    tokio::spawn(watchdog(Arc::clone(&app)));
    info!("serving {} on {place}, settings from {}", loaded.config.instance.display(), loaded.file_name());
    systemd::ready(&format!("Serving on {place}"));

    let mut failure = None;
    let end = async {
        tokio::select! {
            () = stop => {}
            why = app.db().failed() => failure = Some(why),
        }
        systemd::stopping("Finishing the requests under way");
    };
    let finished = server::run(listener, Arc::clone(&app), end).await;
    match failure {
        Some(why) => return Err(why.into()),
        None if finished => info!("stopped, all requests finished"),
        None => warn!("stopped, with requests that did not finish in time"),
    }
    Ok(())
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
async fn watchdog(app: Arc<App>) {
    let Some(period) = systemd::watchdog_interval() else { return };
    let mut beats = interval(period);
    loop {
        beats.tick().await;
        if app.db().answers().await {
            systemd::watchdog();
        }
    }
}
