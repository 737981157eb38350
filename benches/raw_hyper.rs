//! hyper and nothing else, answering every request with one recorded answer: what the daemon could do at best.
//!
//! usage: `raw_hyper PORT FILE`, where the file holds the status, the fields of the header, an empty line and the body.

use std::convert::Infallible;
use std::error::Error;
use std::net::Ipv4Addr;
use std::{env, fs};

use http_body_util::Full;
use hyper::Response;
use hyper::body::Bytes;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;

type Result<T> = std::result::Result<T, Box<dyn Error>>;
type Answer = Response<Full<Bytes>>;

fn main() -> Result<()> {
    let mut arguments = env::args().skip(1);
    let (Some(port), Some(file)) = (arguments.next(), arguments.next()) else {
        return Err("usage: raw_hyper PORT FILE".into());
    };
    let (port, answer) = (port.parse()?, parse(&fs::read(file)?)?);
    Runtime::new()?.block_on(serve(port, answer)) // the daemon's runtime
}

/// Answers on this port, for ever.
async fn serve(port: u16, answer: Answer) -> Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        tokio::spawn(connection(stream, answer.clone()));
    }
}

async fn connection(stream: TcpStream, answer: Answer) {
    let service = service_fn(|_| {
        let answer = answer.clone();
        async { Ok::<_, Infallible>(answer) }
    });
    // An error is the client's, which went away.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

/// Reads a recorded answer.
fn parse(recorded: &[u8]) -> Result<Answer> {
    const END: &[u8] = b"\n\n";
    let end = recorded.windows(END.len()).position(|window| window == END).ok_or("no empty line after the header")?;
    let (head, body) = recorded.split_at(end + END.len());
    let mut lines = str::from_utf8(head)?.trim_end().lines();
    let mut answer = Response::builder().status(lines.next().ok_or("no status")?);
    for line in lines {
        let (name, value) = line.split_once(": ").ok_or("a field without a value")?;
        answer = answer.header(name, value);
    }
    Ok(answer.body(Full::new(Bytes::copy_from_slice(body)))?)
}
