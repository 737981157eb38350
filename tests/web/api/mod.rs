//! The API: a client that holds every answer to the description, and who may do what.

mod lists;
mod rights;
mod tokens;
mod writing;

use std::collections::BTreeSet;

use hyper::body::Bytes;
use serde_json::{Value, json};

use crate::site::{Reply, Site, Visitor, between};

const DESCRIPTION: &str = include_str!("../../../src/web/api/openapi.json");

/// A program with a token, or without one.
pub(crate) struct Program<'a> {
    visitor: Visitor<'a>,
    token: Option<String>,
}

/// Makes a token on the site.
pub(crate) async fn token(visitor: &Visitor<'_>, password: &str, scope: &str, lifetime: &str) -> String {
    let form = [("name", "my script"), ("scope", scope), ("lifetime", lifetime), ("password", password)];
    let page = visitor.post("/account/tokens", form).await;
    assert_eq!(page.status(), 200);
    between(page.text(), "<p><code>", "</code></p>").unwrap_or_else(|| panic!("{}", page.text())).to_owned()
}

impl<'a> Program<'a> {
    /// One of a user whose password is their name.
    pub(crate) async fn of(site: &'a Site, username: &str, scope: &str) -> Self {
        let visitor = site.login(username).await;
        let token = token(&visitor, username, scope, "30").await;
        Self::with(site, &token)
    }

    /// One with this token, and no cookie.
    pub(crate) fn with(site: &'a Site, token: &str) -> Self {
        Self { visitor: site.visitor(), token: Some(token.to_owned()) }
    }

    /// One without a token.
    pub(crate) fn without(site: &'a Site) -> Self {
        Self { visitor: site.visitor(), token: None }
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send("GET", path, &[], "").await
    }

    /// Sends JSON.
    pub(crate) async fn json(&self, method: &str, path: &str, body: &Value) -> Reply {
        self.send(method, path, &[("content-type", "application/json")], body.to_string()).await
    }

    /// Sends anything, and holds the answer to the description.
    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        fields: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Reply {
        let bearer = self.token.as_ref().map(|token| format!("Bearer {token}"));
        let mut fields = fields.to_vec();
        fields.extend(bearer.as_ref().map(|bearer| ("authorization", bearer.as_str())));
        let reply = self.visitor.request(method, path, &fields, body).await;
        check(method, path, &reply);
        reply
    }
}

/// The JSON of an answer.
pub(crate) fn read(reply: &Reply) -> Value {
    serde_json::from_str(reply.text()).unwrap_or_else(|error| panic!("{error}: {}", reply.text()))
}

/// What an answer says is wrong.
pub(crate) fn detail(reply: &Reply) -> String {
    read(reply)["detail"].as_str().unwrap_or_default().to_owned()
}

/// The path of the description that a path is one of.
fn template(path: &str) -> Option<String> {
    let path = path.split('?').next().unwrap();
    let parts: Vec<_> = path.split('/').collect();
    let paths = serde_json::from_str::<Value>(DESCRIPTION).unwrap()["paths"].clone();
    let fits = |template: &str| {
        let template: Vec<_> = template.split('/').collect();
        template.len() == parts.len()
            && template
                .iter()
                .zip(&parts)
                .all(|(template, part)| template == part || (template.starts_with('{') && part.parse::<i64>().is_ok()))
    };
    paths.as_object().unwrap().keys().find(|template| fits(template)).cloned()
}

/// An answer is one that the description names, of the type that it names; what is wrong says so in its own type.
fn check(method: &str, path: &str, reply: &Reply) {
    let is_problem = reply.status() >= 400;
    if is_problem {
        assert_eq!(reply.header("content-type"), "application/problem+json", "{method} {path}");
        let document = read(reply);
        assert_eq!(document["status"], json!(reply.status()), "{method} {path}");
        assert!(document["detail"].as_str().is_some_and(|detail| detail.len() > 10), "{method} {path}: {document}");
    }
    let description: Value = serde_json::from_str(DESCRIPTION).unwrap();
    let operation = template(path).map(|template| description["paths"][template][method.to_lowercase()].clone());
    let Some(operation) = operation.filter(Value::is_object) else { return };
    let status = reply.status().to_string();
    let named = &operation["responses"][&status];
    assert!(named.is_object(), "{method} {path} is answered with {status}, which the description does not name");
    if let Some(content) = named["content"].as_object() {
        assert!(content.contains_key(reply.header("content-type")), "{method} {path}");
    }
    let is_plain = reply.header("content-type") == "application/json" && reply.header("content-encoding").is_empty();
    if status.starts_with('2') && is_plain && method != "HEAD" {
        check_members(&description, &named["content"]["application/json"]["schema"], &read(reply), path);
    }
}

/// A document has the members that its schema names, and no others.
fn check_members(description: &Value, schema: &Value, document: &Value, path: &str) {
    let schema = match schema["$ref"].as_str() {
        Some(reference) => description.pointer(reference.trim_start_matches('#')).unwrap(),
        None => schema,
    };
    if let (Some(named), Some(found)) = (schema["properties"].as_object(), document.as_object()) {
        let keys = |object: &serde_json::Map<String, Value>| object.keys().cloned().collect::<BTreeSet<_>>();
        assert_eq!(keys(named), keys(found), "{path}");
        found.iter().for_each(|(key, value)| check_members(description, &named[key], value, path));
    }
    for item in document.as_array().into_iter().flatten() {
        check_members(description, &schema["items"], item, path);
    }
}

/// Every path and method of the map, as the description writes them.
fn mapped() -> BTreeSet<String> {
    let map = include_str!("../../../src/web/api/routes.rs");
    let mut found = BTreeSet::new();
    for route in map.split("path!(").skip(1) {
        let (path, rest) = route.split_once(')').unwrap();
        let part = |part: &str| match part.trim() {
            id if id.ends_with("Id") => "{id}".to_owned(),
            name => name.trim_matches('"').to_owned(),
        };
        let path: Vec<_> = path.split('/').map(part).collect();
        let resource = rest.split_once("resource!(").unwrap().1.split_once(')').unwrap().0;
        let views = resource.split_once("=> ").map_or(resource, |(_, views)| views);
        let methods = views.split(", ").map(|view| view.split(' ').next().unwrap());
        found.extend(methods.map(|method| format!("{method} /{}", path.join("/"))));
    }
    found
}

/// The description names every path and method that there is, and no other.
#[test]
fn description_is_complete() {
    let description: Value = serde_json::from_str(DESCRIPTION).unwrap();
    let methods = ["get", "post", "put", "patch", "delete"];
    let paths = description["paths"].as_object().unwrap();
    let described: BTreeSet<_> = paths
        .iter()
        .flat_map(|(path, item)| item.as_object().unwrap().keys().map(move |method| (path, method)))
        .filter(|(_, method)| methods.contains(&method.as_str()))
        .map(|(path, method)| format!("{} {path}", method.to_uppercase()))
        .collect();
    assert_eq!(described, mapped());
    assert!(described.len() > 15);
}

/// What needs a token says so, and takes what a token of the right scope may do.
#[tokio::test]
async fn description_of_security() {
    let description: Value = serde_json::from_str(DESCRIPTION).unwrap();
    for route in mapped() {
        let (method, path) = route.split_once(' ').unwrap();
        let site = Site::new();
        let reply = Program::without(&site).json(method, &path.replace("{id}", "1"), &json!({})).await;
        let needs_token = description["paths"][path][method.to_lowercase()]["security"] == json!([{"token": []}]);
        assert_eq!(reply.status() == 401, needs_token, "{route}");
    }
}

/// The description is there for everybody, once for all, and pages lead to it.
#[tokio::test]
async fn description_is_served() {
    let site = Site::new();
    let reply = Program::without(&site).get("/api/v1/openapi.json").await;
    assert_eq!((reply.status(), reply.header("content-type")), (200, "application/json"));
    assert_eq!(reply.text(), DESCRIPTION);
    let etag = reply.header("etag").to_owned();
    let again = Program::without(&site).send("GET", "/api/v1/openapi.json", &[("if-none-match", &etag)], "").await;
    assert_eq!(again.status(), 304);
}

/// Errors are documents everywhere under /api/, whatever the status, in the words of the site.
#[tokio::test]
async fn problems() {
    let site = Site::with(|config| config.limits.form_bytes_max = 1024);
    let program = Program::of(&site, "test", "write").await;
    for (method, path, status, words) in [
        ("GET", "/api/", 404, "was not found on the server"),
        ("GET", "/api/v2/posts", 404, "was not found on the server"),
        ("GET", "/api/v1/posts/", 404, "was not found on the server"),
        ("GET", "/api/v1/posts/x", 404, "was not found on the server"),
        ("GET", "/api/v1/posts/99999999999999999999", 404, "was not found on the server"),
        ("GET", "/api/v1/posts/7", 404, "Post id 7 doesn't exist."),
        ("GET", "/api/v1/comments/7", 404, "Comment id 7 doesn't exist."),
        ("PUT", "/api/v1/posts/1", 405, "The method is not allowed for the requested URL."),
        ("TRACE", "/api/v1/posts", 405, "The method is not allowed for the requested URL."),
    ] {
        let reply = program.send(method, path, &[], "").await;
        assert_eq!(reply.status(), status, "{method} {path}");
        assert!(detail(&reply).contains(words), "{method} {path}: {}", detail(&reply));
    }
    let reply = program.send("PUT", "/api/v1/posts/1", &[], "").await;
    assert_eq!(reply.header("allow"), "GET, HEAD, PATCH, DELETE, OPTIONS");
    let reply = program.json("POST", "/api/v1/posts", &json!({"title": "x".repeat(2000)})).await;
    assert_eq!(
        (reply.status(), detail(&reply).as_str()),
        (413, "The data value transmitted exceeds the capacity limit.")
    );
    let page = site.visitor().get("/nowhere").await;
    assert!(page.header("content-type").starts_with("text/html"), "elsewhere they are pages");
}

/// A request for another host, and a full queue, are answered in the same way.
#[tokio::test]
async fn problems_before_any_view() {
    let site = Site::with(|config| config.base_url = Some("https://blog".to_owned().try_into().unwrap()));
    let reply = site.visitor().request_to("other", "GET", "/api/v1/posts").await;
    check("GET", "/api/v1/posts", &reply);
    assert_eq!((reply.status(), read(&reply)["title"].as_str()), (421, Some("Misdirected Request")));
    let reply = Program::without(&site).get("/api/v1/posts").await;
    assert_eq!(read(&reply)["posts"][0]["url"], json!("https://blog/1"));
}

/// HEAD is GET without its body, and OPTIONS says what there is.
#[tokio::test]
async fn other_methods() {
    let site = Site::new();
    let program = Program::without(&site);
    let reply = program.send("OPTIONS", "/api/v1/posts", &[], "").await;
    assert_eq!((reply.status(), reply.header("allow")), (200, "GET, HEAD, POST, OPTIONS"));
    let (head, get) = (program.send("HEAD", "/api/v1/posts/1", &[], "").await, program.get("/api/v1/posts/1").await);
    assert_eq!((head.status(), head.header("etag")), (200, get.header("etag")));
}
