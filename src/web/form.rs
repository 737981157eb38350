//! What a form held, in either of the two encodings, read as the original reads it.

use std::borrow::Cow;

use hyper::body::Bytes;
use multer::Multipart;
use percent_encoding::percent_decode;
use warp::http::HeaderMap;
use warp::http::header::CONTENT_TYPE;

use super::error::{Error, Result};

/// Most fields of a form. Past it: 413.
const FIELDS_MAX: usize = 1000;

/// The fields of a form, in the order they were sent.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Form {
    fields: Vec<(String, String)>,
    files: Vec<SentFile>,
}

/// A file in a form.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct SentFile {
    /// The field it was chosen in.
    pub(super) field: String,
    /// Its name, in the browser's words.
    pub(super) name: String,
    /// What is in it, unless that is more than is read.
    pub(super) content: Option<Bytes>,
}

impl Form {
    /// Reads a body. One of any other type has no fields.
    pub(super) async fn parse(headers: &HeaderMap, body: Bytes) -> Result<Self> {
        let Some(content_type) = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()) else {
            return Ok(Self::default());
        };
        let media_type = content_type.split(';').next().unwrap_or_default().trim();
        let fields = if media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            urlencoded(&body)
        } else if media_type.eq_ignore_ascii_case("multipart/form-data") {
            multipart(content_type, body).await?
        } else {
            Vec::new()
        };
        if fields.len() > FIELDS_MAX { Err(Error::TooLarge) } else { Ok(Self { fields, files: Vec::new() }) }
    }

    /// Adds a field, if there may be another one.
    pub(super) fn add(&mut self, name: String, value: String) -> Result<()> {
        self.fields.push((name, value));
        self.check_length()
    }

    /// Adds a file, if there may be another one.
    pub(super) fn add_file(&mut self, file: SentFile) -> Result<()> {
        self.files.push(file);
        self.check_length()
    }

    fn check_length(&self) -> Result<()> {
        if self.fields.len() + self.files.len() > FIELDS_MAX { Err(Error::TooLarge) } else { Ok(()) }
    }

    /// Takes the files out. A field in which none was chosen is none.
    pub(super) fn take_files(&mut self) -> Vec<SentFile> {
        let is_chosen =
            |file: &SentFile| !file.name.is_empty() || file.content.as_ref().is_none_or(|it| !it.is_empty());
        std::mem::take(&mut self.files).into_iter().filter(is_chosen).collect()
    }

    /// Takes a field out: its first value, if it was sent at all.
    pub(super) fn take_optional(&mut self, name: &str) -> Option<String> {
        let field = self.fields.iter_mut().find(|(field, _)| field == name)?;
        Some(std::mem::take(&mut field.1))
    }

    /// Each field that is there, and what it holds.
    pub(super) fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Reads the query of a URL.
    pub(super) fn from_query(query: &str) -> Self {
        Self { fields: urlencoded(query.as_bytes()), files: Vec::new() }
    }

    /// Takes out a field that our form has, so that a request without it is not from our form.
    pub(super) fn take(&mut self, name: &str) -> Result<String> {
        self.take_optional(name).ok_or(Error::BadRequest)
    }
}

/// The original takes only UTF-8 for a form; of anything else it sees nothing.
fn urlencoded(body: &[u8]) -> Vec<(String, String)> {
    let Ok(body) = std::str::from_utf8(body) else { return Vec::new() };
    let pairs = body.split('&').filter(|pair| !pair.is_empty()).take(FIELDS_MAX + 1);
    pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decode(name), decode(value)))
        .collect()
}

/// Undoes the encoding. Escapes that are not UTF-8 stay as they were written, so that nothing is lost.
fn decode(text: &str) -> String {
    let text = text.replace('+', " ");
    let bytes: Cow<'_, [u8]> = percent_decode(text.as_bytes()).into();
    let mut decoded = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        decoded.push_str(chunk.valid());
        for byte in chunk.invalid() {
            decoded.push_str(percent_encoding::percent_encode_byte(*byte));
        }
    }
    decoded
}

async fn multipart(content_type: &str, body: Bytes) -> Result<Vec<(String, String)>> {
    let Ok(boundary) = multer::parse_boundary(content_type) else { return Ok(Vec::new()) };
    let body = futures_util::stream::iter([Ok::<_, std::io::Error>(body)]);
    let mut multipart = Multipart::new(body, boundary);
    let mut fields = Vec::new();
    while let Some(field) = multipart.next_field().await.map_err(malformed)? {
        if fields.len() > FIELDS_MAX {
            break;
        }
        let name = field.name().map(str::to_owned);
        let is_file = field.file_name().is_some();
        let value = field.bytes().await.map_err(malformed)?;
        if let Some(name) = name.filter(|_| !is_file) {
            fields.push((name, String::from_utf8_lossy(&value).into_owned()));
        }
    }
    Ok(fields)
}

pub(super) fn malformed(_: multer::Error) -> Error {
    Error::BadRequest
}

#[cfg(test)]
mod tests {
    use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    async fn parse(content_type: &str, body: impl Into<Bytes>) -> Vec<(String, String)> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, content_type.parse().unwrap());
        Form::parse(&headers, body.into()).await.unwrap().fields
    }

    /// Field by field what the original makes of a urlencoded body.
    #[tokio::test]
    async fn urlencoded_fields() {
        for (body, fields) in [
            ("a=1&b=2", vec![("a", "1"), ("b", "2")]),
            ("a=1&a=2", vec![("a", "1"), ("a", "2")]),
            ("a", vec![("a", "")]),
            ("a=", vec![("a", "")]),
            ("&&a=1&", vec![("a", "1")]),
            ("a=b=c", vec![("a", "b=c")]),
            ("a=x+y%2Bz", vec![("a", "x y+z")]),
            ("a=%EC%95%88", vec![("a", "안")]),
            ("a=안", vec![("a", "안")]),
            ("a=%FF%FEx", vec![("a", "%FF%FEx")]),
            ("a=100%", vec![("a", "100%")]),
            ("a=%zz", vec![("a", "%zz")]),
            ("a=1%0D%0A2%00", vec![("a", "1\r\n2\0")]),
            ("", vec![]),
        ] {
            let fields: Vec<_> = fields.into_iter().map(|(n, v)| (n.to_owned(), v.to_owned())).collect();
            assert_eq!(parse("application/x-www-form-urlencoded; charset=latin-1", body).await, fields, "{body}");
        }
        assert_eq!(parse("application/x-www-form-urlencoded", &b"a=\xff"[..]).await, vec![]);
    }

    /// The other encoding gives the same fields; files are none.
    #[tokio::test]
    async fn multipart_fields() {
        let body = "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n2\r\n\
                    --x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f.txt\"\r\n\r\nfile\r\n--x--\r\n";
        let fields = vec![("a".to_owned(), "1\r\n2".to_owned())];
        assert_eq!(parse("multipart/form-data; boundary=x", body).await, fields);
        assert_eq!(parse("Multipart/Form-Data; boundary=\"x\"", body).await, fields);
        assert_eq!(parse("multipart/form-data", body).await, vec![]);
        assert_eq!(parse("application/json", "{}").await, vec![]);
        assert_eq!(parse("text/plain", "a=1").await, vec![]);
    }

    /// A form has so many fields and no more.
    #[tokio::test]
    async fn too_many_fields() {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, "application/x-www-form-urlencoded".parse().unwrap());
        let body = |fields| Bytes::from("a=1&".repeat(fields));
        assert!(Form::parse(&headers, body(FIELDS_MAX)).await.is_ok());
        assert!(matches!(Form::parse(&headers, body(FIELDS_MAX + 1)).await, Err(Error::TooLarge)));
    }

    proptest! {
        /// Whatever was typed arrives, in either encoding; whatever was sent is read without a panic.
        #[test]
        fn anything(fields in vec((any::<String>(), any::<String>()), 0..8), noise in vec(any::<u8>(), 0..200)) {
            let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
            let pairs: Vec<_> = fields.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
            prop_assert_eq!(urlencoded(pairs.join("&").as_bytes()), fields.clone());
            urlencoded(&noise);

            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let plain = |text: &&(String, String)| !text.0.is_empty() && text.0.chars().all(char::is_alphanumeric);
            let sendable: Vec<_> = fields.iter().filter(plain).filter(|field| !field.1.contains("--x")).cloned().collect();
            let part = |(name, value): &(String, String)| {
                format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
            };
            let body = sendable.iter().map(part).collect::<String>() + "--x--\r\n";
            let read = runtime.block_on(multipart("multipart/form-data; boundary=x", body.into())).unwrap();
            prop_assert_eq!(read, sendable);
            let _ = runtime.block_on(multipart("multipart/form-data; boundary=x", noise.into()));
        }
    }
}
