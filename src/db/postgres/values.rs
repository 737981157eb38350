//! Values on their way to a server, and back.

use tokio_postgres::Row;
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

use crate::db::connection::Value;
use crate::db::error::Result;

type Written = std::result::Result<IsNull, Box<dyn std::error::Error + Sync + Send>>;

impl ToSql for Value<'_> {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Written {
        match self {
            Self::Integer(integer) if *kind == Type::INT4 => i32::try_from(*integer)?.to_sql(kind, out),
            Self::Integer(integer) => integer.to_sql(&Type::INT8, out),
            // It has no NUL in texts, and SQLite has. A browser shows one as this, too.
            Self::Text(text) if text.contains('\0') => text.replace('\0', "\u{fffd}").to_sql(kind, out),
            Self::Text(text) => text.to_sql(kind, out),
            Self::Blob(bytes) => {
                out.extend_from_slice(bytes);
                Ok(IsNull::No)
            }
        }
    }

    /// A value that a statement takes for something else is a fault of the statement, of which the server tells.
    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// A whole number; of yes and no, 1 and 0.
pub(in crate::db) fn integer(row: &Row, column: &str) -> Result<i64> {
    let kind = row.columns().iter().find(|candidate| candidate.name() == column).map(tokio_postgres::Column::type_);
    Ok(match kind {
        Some(&Type::BOOL) => i64::from(row.try_get::<_, bool>(column)?),
        Some(&Type::INT4) => i64::from(row.try_get::<_, i32>(column)?),
        _ => row.try_get(column)?,
    })
}
