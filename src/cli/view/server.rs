//! A server for the browser of the one who started it.
//!
//! Other people on the machine, and pages of other hosts in the same browser, get nothing: the address has a token that nobody else knows, a request must name
//! this server as its host, and a page must be its own. No file is served: only the page, and what was given.

use std::io::{self, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::Value;

use super::html;
use super::http::{Answer, Request, parameters, read};
use crate::dialect::Tokens;
use crate::view::{Asked, Filter, Source};

/// Greatest number of connections at a time.
const MOST_CONNECTIONS: usize = 32;

/// Bytes of a token.
const TOKEN: usize = 16;

/// What is served.
pub struct Server<'a> {
    source: &'a Source,
    tokens: &'a Tokens,
    /// Works the statistics out, when they are first asked for.
    stats: &'a (dyn Fn() -> Result<Value, String> + Sync),
    known_stats: OnceLock<Result<Value, String>>,
    about: OnceLock<Value>,
    page: String,
    token: String,
    port: u16,
}

/// Serves until the process ends.
pub fn serve(
    source: &Source,
    tokens: &Tokens,
    stats: &(dyn Fn() -> Result<Value, String> + Sync),
    port: Option<u16>,
    tell: impl FnOnce(&str) -> io::Result<()>,
) -> io::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port.unwrap_or(0)))?;
    let (port, token) = (listener.local_addr()?.port(), random()?);
    tell(&format!("http://127.0.0.1:{port}/{token}/"))?;
    end_with_parent();
    let (known_stats, about) = (OnceLock::new(), OnceLock::new());
    let server = Server { source, tokens, stats, known_stats, about, page: html::page(), token, port };
    let open = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            if open.fetch_add(1, Ordering::SeqCst) >= MOST_CONNECTIONS {
                open.fetch_sub(1, Ordering::SeqCst);
                // The browser asks again.
                let _ = Answer::problem("503 Service Unavailable", "too many connections").write(&mut stream);
                continue;
            }
            scope.spawn(|| {
                // A browser that goes away is no error.
                let _ = server.connection(stream);
                open.fetch_sub(1, Ordering::SeqCst);
            });
        }
    });
    Ok(())
}

/// Bytes that nobody can guess, in hexadecimal digits.
fn random() -> io::Result<String> {
    let mut bytes = [0; TOKEN];
    getrandom::fill(&mut bytes).map_err(|error| io::Error::other(error.to_string()))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Ends the process when its parent has ended, such as a shell or a program that forgot it.
fn end_with_parent() {
    #[cfg(unix)]
    std::thread::spawn(|| {
        let parent = std::os::unix::process::parent_id();
        loop {
            std::thread::sleep(Duration::from_secs(1));
            if std::os::unix::process::parent_id() != parent {
                std::process::exit(0);
            }
        }
    });
}

impl Server<'_> {
    fn connection(&self, mut stream: TcpStream) -> io::Result<()> {
        let answer = match read(&mut stream)? {
            None => return Ok(()),
            Some(Err(problem)) => problem,
            Some(Ok(request)) => self.answer(&request),
        };
        let mut out = io::BufWriter::with_capacity(1 << 16, &stream);
        answer.write(&mut out)?;
        drop(out);
        // What the other side still sends is read, since closing with unread bytes would take the answer back.
        stream.shutdown(std::net::Shutdown::Write)?;
        stream.set_read_timeout(Some(Duration::from_millis(200)))?;
        io::copy(&mut io::Read::take(&mut stream, 1 << 20), &mut io::sink()).map(drop)
    }

    fn answer(&self, request: &Request) -> Answer {
        let hosts = [format!("127.0.0.1:{}", self.port), format!("localhost:{}", self.port)];
        if !hosts.contains(&request.host.to_ascii_lowercase()) {
            // A foreign name that was made to lead here.
            return Answer::problem("403 Forbidden", "this server has another name");
        }
        let own = |origin: &String| hosts.iter().any(|host| *origin == format!("http://{host}"));
        let site = request.site.as_deref().is_none_or(|site| site == "same-origin" || site == "none");
        if !request.origin.as_ref().is_none_or(own) || !site {
            return Answer::problem("403 Forbidden", "pages of other hosts get nothing");
        }
        let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
        let mut parts = path.trim_start_matches('/').splitn(2, '/');
        if !same(parts.next().unwrap_or(""), &self.token) {
            return Answer::problem("404 Not Found", "the address lacks its token; take the one that sos view printed");
        }
        match parts.next() {
            None => {
                let answer = Answer::problem("308 Permanent Redirect", "the page is one step further");
                Answer { fields: format!("Location: /{}/\r\n", self.token), ..answer }
            }
            Some("") => self.page(),
            Some("about") => Answer::json(self.about.get_or_init(|| self.source.about(self.tokens))),
            Some("row") => found(self.row(&parameters(query))),
            Some("rows") => found(asked(&parameters(query)).and_then(|asked| self.source.list(&asked))),
            Some("stats") => found(self.known_stats.get_or_init(self.stats).clone()),
            Some(_) => Answer::problem("404 Not Found", "there is no such address"),
        }
    }

    fn page(&self) -> Answer {
        let Ok(nonce) = random() else { return Answer::problem("500 Internal Server Error", "no random numbers") };
        let fields = format!(
            "Content-Security-Policy: default-src 'none'; script-src 'nonce-{nonce}'; style-src 'unsafe-inline'; connect-src 'self'; img-src data:; \
             base-uri 'none'; form-action 'none'; frame-ancestors 'none'\r\n"
        );
        let body = html::with_nonce(&self.page, &nonce).into_bytes();
        Answer { status: "200 OK", kind: "text/html; charset=utf-8", fields, body }
    }

    fn row(&self, query: &[(String, String)]) -> Result<Value, String> {
        let value = |name: &str| query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let index = number("index", value("index").unwrap_or("0"))?;
        self.source.row(value("config"), value("split"), index, self.tokens)
    }
}

/// Whether two texts are equal. The time does not tell how far they are.
fn same(one: &str, other: &str) -> bool {
    let differ = one.bytes().zip(other.bytes()).fold(0, |differ, (one, other)| differ | (one ^ other));
    one.len() == other.len() && differ == 0
}

fn found(value: Result<Value, String>) -> Answer {
    value.map_or_else(|message| Answer::problem("404 Not Found", &message), |value| Answer::json(&value))
}

fn number(name: &str, text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("{name}: found \"{text}\"; send a whole number from 0 on"))
}

/// Which short rows a query asks for.
fn asked(query: &[(String, String)]) -> Result<Asked, String> {
    let mut asked = Asked { count: 100, ..Asked::default() };
    let mut filter = Filter::default();
    for (name, value) in query {
        match name.as_str() {
            "config" => asked.config = Some(value.clone()),
            "split" => asked.split = Some(value.clone()),
            "from" => asked.from = number(name, value)?,
            "count" => asked.count = usize::try_from(number(name, value)?).unwrap_or(usize::MAX).max(1),
            "class" => filter.class = Some(value.clone()),
            "text" => filter.text = Some(value.clone()),
            "env" | "record" | "outcome" | "search" | "solved" => filter.equal.push((name.clone(), value.clone())),
            _ => {
                let least = name.strip_prefix("least_").map(|column| (column, true));
                let Some((column, least)) = least.or_else(|| name.strip_prefix("most_").map(|column| (column, false)))
                else {
                    return Err(format!("{name}: there is no such filter"));
                };
                let number = number(name, value)?;
                filter.ranges.push((
                    column.to_string(),
                    if least { number } else { 0 },
                    if least { u64::MAX } else { number },
                ));
            }
        }
    }
    asked.filter = filter;
    Ok(asked)
}

/// Prints the address.
pub fn tell(address: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{address}")?;
    out.flush()
}
