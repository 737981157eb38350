//! What programs may do.

use serde::{Deserialize, Serialize};

use super::limits::between;

/// The API: `[api]`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Api {
    /// Requests a minute that write, with one token, 0 for no limit. Past it: 429.
    #[serde(deserialize_with = "between::<0, 60_000, _, _>")]
    pub writes_per_minute: u32,
}

impl Default for Api {
    fn default() -> Self {
        Self { writes_per_minute: 60 }
    }
}
