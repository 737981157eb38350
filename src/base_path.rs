//! The path of a host below which the site is, written `/blog`, or empty where the site is all of its host.
//!
//! No path of the site begins with it (`config/base_url.rs`), so that an address either has it or lacks it.

/// Whether a path has it already.
pub fn has(base: &str, target: &str) -> bool {
    target.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']))
}

/// Whether an address is a path of the site without it. `//host` is another's.
pub fn lacks(base: &str, target: &str) -> bool {
    target.starts_with('/') && !target.starts_with("//") && !has(base, target)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Only a path of the site lacks it.
    #[test]
    fn lacking() {
        for target in ["/", "/1", "/blogs", "/?q=/blog", "/#search"] {
            assert!(lacks("/blog", target), "{target}");
        }
        for target in
            ["", "1", "#a", "?q=a", "/blog", "/blog/", "/blog?q=a", "/blog#search", "/blog/1", "//a", "https://a/"]
        {
            assert!(!lacks("/blog", target), "{target}");
        }
    }
}
