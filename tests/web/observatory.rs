//! The score of MDN's HTTP Observatory, by its rules of 2025 (version 5), on what is really sent.
//!
//! <https://github.com/mdn/mdn-http-observatory>, `src/grader/charts.js`. Its rules about scripts of other sites and about
//! redirects from http concern what is not here: there are no such scripts, and the proxy that speaks https redirects.

use crate::site::{Reply, Site};

/// A bonus counts only for a site that has lost no more than this.
const BONUS_FROM: i32 = 90;

fn content_security_policy(reply: &Reply) -> i32 {
    let policy = reply.header("content-security-policy");
    match () {
        () if policy.is_empty() => -25,
        () if policy.contains("unsafe-inline") || policy.contains("http:") || policy.contains('*') => -20,
        () if policy.contains("unsafe-eval") => -10,
        () if policy.contains("default-src 'none'") => 10,
        () => 5,
    }
}

fn cookies(reply: &Reply) -> i32 {
    let cookie = reply.header("set-cookie");
    let has = |attribute: &str| cookie.split("; ").any(|part| part == attribute);
    match () {
        () if cookie.is_empty() => 0,
        () if !has("Secure") => -40,
        () if !has("HttpOnly") => -30,
        () if has("SameSite=Lax") || has("SameSite=Strict") => 5,
        () => 0,
    }
}

fn cross_origin_sharing(reply: &Reply) -> i32 {
    if reply.header("access-control-allow-origin").is_empty() { 0 } else { -50 }
}

fn cross_origin_resource_policy(reply: &Reply) -> i32 {
    match reply.header("cross-origin-resource-policy") {
        "same-origin" | "same-site" => 10,
        "cross-origin" => -5,
        _ => 0,
    }
}

fn referrer_policy(reply: &Reply) -> i32 {
    match reply.header("referrer-policy") {
        "no-referrer" | "same-origin" | "strict-origin" | "strict-origin-when-cross-origin" => 5,
        "" => 0,
        _ => -5,
    }
}

fn strict_transport_security(reply: &Reply) -> i32 {
    const SIX_MONTHS: u64 = 15_768_000;
    let field = reply.header("strict-transport-security");
    let seconds = field.split(';').find_map(|part| part.trim().strip_prefix("max-age=")?.parse::<u64>().ok());
    match seconds {
        Some(seconds) if seconds >= SIX_MONTHS => 0,
        Some(_) => -10,
        None => -20,
    }
}

fn content_type_options(reply: &Reply) -> i32 {
    if reply.header("x-content-type-options") == "nosniff" { 0 } else { -5 }
}

fn framing(reply: &Reply) -> i32 {
    match () {
        () if reply.header("content-security-policy").contains("frame-ancestors 'none'") => 5,
        () if ["DENY", "SAMEORIGIN"].contains(&reply.header("x-frame-options")) => 0,
        () => -20,
    }
}

fn score(reply: &Reply) -> i32 {
    let rules: [fn(&Reply) -> i32; 8] = [
        content_security_policy,
        cookies,
        cross_origin_sharing,
        cross_origin_resource_policy,
        referrer_policy,
        strict_transport_security,
        content_type_options,
        framing,
    ];
    let points: Vec<_> = rules.iter().map(|rule| rule(reply)).collect();
    let lost = 100 + points.iter().filter(|points| **points < 0).sum::<i32>();
    let bonus = points.iter().filter(|points| **points > 0).sum::<i32>();
    (if lost >= BONUS_FROM { lost + bonus } else { lost }).max(0)
}

/// A site with an https address has at least 130 (A+ begins at 100) on every page, and more where it sets a cookie.
#[tokio::test]
async fn at_least_130() {
    let site = Site::with(|config| config.base_url = Some("https://blog.example.org".to_owned().try_into().unwrap()));
    for path in ["/", "/hello", "/auth/login", "/auth/register", "/nothing", "/static/style.css", "/create"] {
        let score = score(&site.visitor().get(path).await);
        assert!(score >= 130, "{path} has {score}");
    }
    assert_eq!(score(&site.visitor().login("test", "test").await), 135);
    let unnamed = Site::new();
    assert!(score(&unnamed.visitor().get("/").await) < 100, "without https there is no such score");
}
