//! HTTP for one program on one machine. `httparse` reads the head of a request. Only GET is served, so no request has a body, and each connection has one
//! request: there is nothing that two readers could understand in two ways.

use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// Greatest length of the head of a request in bytes.
const LONGEST_HEAD: usize = 16 * 1024;

/// Greatest number of its fields.
const MOST_FIELDS: usize = 64;

/// How long a request may take to arrive, and a browser to take some bytes of an answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// A request.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// The address behind the host: path and query.
    pub target: String,
    /// The field `Host`.
    pub host: String,
    /// The field `Origin`: the page that asks, where it says so.
    pub origin: Option<String>,
    /// The field `Sec-Fetch-Site`: whether a page of this server asks, or another one.
    pub site: Option<String>,
}

/// An answer.
pub struct Answer {
    /// The status: `200 OK`.
    pub status: &'static str,
    /// The type of the body.
    pub kind: &'static str,
    /// More fields, each with its end of line.
    pub fields: String,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// An answer that says in a sentence what is wrong.
    pub fn problem(status: &'static str, message: &str) -> Answer {
        let body = format!("{message}\n").into_bytes();
        Answer { status, kind: "text/plain; charset=utf-8", fields: String::new(), body }
    }

    /// An answer with JSON.
    pub fn json(value: &serde_json::Value) -> Answer {
        let body = value.to_string().into_bytes();
        Answer { status: "200 OK", kind: "application/json", fields: String::new(), body }
    }

    /// Writes the answer. No browser keeps it, guesses its type, or shows it within another page.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let Answer { status, kind, fields, body } = self;
        let length = body.len();
        write!(
            out,
            "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\nCache-Control: no-store\r\n\
             X-Content-Type-Options: nosniff\r\nX-Frame-Options: DENY\r\nReferrer-Policy: no-referrer\r\n\
             Cross-Origin-Resource-Policy: same-origin\r\nCross-Origin-Opener-Policy: same-origin\r\n{fields}\r\n"
        )?;
        out.write_all(body)?;
        out.flush()
    }
}

/// Reads the request of a connection. None where it closes before one; an answer where it is none that is served.
pub fn read(stream: &mut TcpStream) -> io::Result<Option<Result<Request, Answer>>> {
    let begun = Instant::now();
    stream.set_write_timeout(Some(PATIENCE))?;
    let (mut head, mut piece) = (Vec::new(), [0; 4096]);
    loop {
        let left = PATIENCE.saturating_sub(begun.elapsed());
        if left.is_zero() {
            return Ok(Some(Err(Answer::problem("408 Request Timeout", "the request took too long"))));
        }
        stream.set_read_timeout(Some(left))?;
        let read = match stream.read(&mut piece) {
            Ok(0) => return Ok(None),
            Ok(read) => read,
            Err(error) if [ErrorKind::WouldBlock, ErrorKind::TimedOut].contains(&error.kind()) => continue,
            Err(error) => return Err(error),
        };
        head.extend_from_slice(&piece[..read]);
        if let Some(request) = parse(&head) {
            return Ok(Some(request));
        }
    }
}

/// Reads the head of a request; none where more of it is to come.
pub fn parse(head: &[u8]) -> Option<Result<Request, Answer>> {
    let mut fields = [httparse::EMPTY_HEADER; MOST_FIELDS];
    let mut parsed = httparse::Request::new(&mut fields);
    match parsed.parse(head) {
        Ok(httparse::Status::Partial) if head.len() < LONGEST_HEAD => return None,
        Ok(httparse::Status::Complete(length)) if length <= LONGEST_HEAD => {}
        Ok(_) | Err(httparse::Error::TooManyHeaders) => {
            return Some(Err(Answer::problem("431 Request Header Fields Too Large", "the request is too long")));
        }
        Err(_) => return Some(Err(Answer::problem("400 Bad Request", "this is no HTTP request"))),
    }
    if parsed.method != Some("GET") {
        let answer = Answer::problem("405 Method Not Allowed", "only GET is served");
        return Some(Err(Answer { fields: "Allow: GET\r\n".into(), ..answer }));
    }
    let field = |name: &str| {
        let mut all = parsed.headers.iter().filter(|field| field.name.eq_ignore_ascii_case(name));
        let value = all.next().map(|field| String::from_utf8_lossy(field.value).trim().to_string());
        if all.next().is_some() { None } else { value }
    };
    Some(Ok(Request {
        target: parsed.path.unwrap_or_default().into(),
        host: field("host").unwrap_or_default(),
        origin: field("origin"),
        site: field("sec-fetch-site"),
    }))
}

/// The parameters of a query, with what is written as `%20` or `+`.
pub fn parameters(query: &str) -> Vec<(String, String)> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let decoded = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode(name), decode(value))
    };
    pairs.map(decoded).collect()
}

fn decode(text: &str) -> String {
    let (mut bytes, mut rest) = (Vec::new(), text.as_bytes());
    while let [first, behind @ ..] = rest {
        rest = behind;
        let digits = behind.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let digits = digits.filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        match (first, digits.and_then(|digits| u8::from_str_radix(digits, 16).ok())) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &behind[2..];
            }
            (b'+', _) => bytes.push(b' '),
            (byte, _) => bytes.push(*byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_of_requests() {
        let status =
            |head: &str| parse(head.as_bytes()).map(|read| read.map_or_else(|answer| answer.status, |_| "200 OK"));
        assert_eq!(status("GET / HTTP/1.1\r\nHost: a\r\n"), None);
        assert_eq!(status("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), Some("200 OK"));
        for method in ["POST", "HEAD", "OPTIONS", "get"] {
            assert_eq!(status(&format!("{method} / HTTP/1.1\r\nHost: a\r\n\r\n")), Some("405 Method Not Allowed"));
        }
        assert_eq!(status("no request\r\n\r\n"), Some("400 Bad Request"));
        let long = |length: usize| format!("GET /{} HTTP/1.1\r\n", "a".repeat(length));
        assert_eq!(status(&long(LONGEST_HEAD)), Some("431 Request Header Fields Too Large"));
        let fields = "a: b\r\n".repeat(MOST_FIELDS + 1);
        assert_eq!(status(&format!("GET / HTTP/1.1\r\n{fields}\r\n")), Some("431 Request Header Fields Too Large"));
    }

    #[test]
    fn two_hosts_are_none() {
        let read = parse(b"GET /x HTTP/1.1\r\nHost: a\r\nhost: b\r\nOrigin: c\r\n\r\n").unwrap().ok().unwrap();
        assert_eq!((read.host.as_str(), read.origin.as_deref()), ("", Some("c")));
    }

    #[test]
    fn queries() {
        let pair = |name: &str, value: &str| (name.to_string(), value.to_string());
        assert_eq!(parameters("a=b%20c&&d+e=%F0%9F%A7%A9&f"), [pair("a", "b c"), pair("d e", "🧩"), pair("f", "")]);
        assert_eq!(
            parameters("a=%&b=%2&c=%zz&d=%+1"),
            [pair("a", "%"), pair("b", "%2"), pair("c", "%zz"), pair("d", "% 1")]
        );
    }
}
