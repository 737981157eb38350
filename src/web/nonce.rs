//! What tells one form from another that says the same: only the very same form, sent again, is not done twice.

use super::error::Result;
use super::form::Form;
use crate::random;

/// Random bytes of a form's nonce.
const NONCE_BYTES: usize = 16;
/// Longest nonce that is remembered, in bytes: twice ours, which are hexadecimal.
const NONCE_LENGTH_MAX: usize = 2 * 2 * NONCE_BYTES;

/// One for a new form.
pub(super) fn new() -> Result<String> {
    Ok(base16ct::lower::encode_string(&random::bytes::<NONCE_BYTES>()?))
}

/// The one of a form that was sent, if it has any that may be ours.
pub(super) fn take_from(form: &mut Form) -> Option<String> {
    form.take_optional("nonce").filter(|nonce| (1..=NONCE_LENGTH_MAX).contains(&nonce.len()))
}
