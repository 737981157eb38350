//! What is measured, and who may see it.

use serde::{Deserialize, Serialize};

use super::listen::Listen;

/// The measures: `[metrics]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Metrics {
    /// Where they are served, if anywhere.
    pub listen: Option<Listen>,
}
