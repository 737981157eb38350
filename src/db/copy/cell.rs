//! A value on its way from one database into another.

use std::borrow::Cow;

use rusqlite::types::ValueRef;

use super::error::Error;
use super::tables::{Kind, Table};
use crate::db::connection::{Row, Value};

/// What stands in a text for a NUL, which `PostgreSQL` has none of, and for bytes that are no UTF-8.
const REPLACEMENT: &str = "\u{fffd}";

/// One value. A text is as both engines can hold it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cell<'a> {
    Null,
    Integer(i64),
    /// Owned, if it is not what was stored.
    Text(Cow<'a, str>),
    Blob(Cow<'a, [u8]>),
}

impl Cell<'_> {
    /// What a statement is given.
    pub(super) fn value(&self) -> Option<Value<'_>> {
        match self {
            Self::Null => None,
            Self::Integer(integer) => Some(Value::Integer(*integer)),
            Self::Text(text) => Some(Value::Text(text)),
            Self::Blob(bytes) => Some(Value::Blob(bytes)),
        }
    }

    /// Its number, if it is one.
    pub(super) fn integer(&self) -> Option<i64> {
        if let Self::Integer(integer) = self { Some(*integer) } else { None }
    }

    /// Whether it is another than was stored.
    pub(super) fn is_changed(&self) -> bool {
        matches!(self, Self::Text(Cow::Owned(_)))
    }
}

/// The values of a row, in the order of the table's columns.
pub(super) fn cells<'a>(table: &Table, row: &'a Row<'_>) -> Result<Vec<Cell<'a>>, Error> {
    let cell = |(index, (name, kind)): (usize, &(&'static str, Kind))| match row {
        Row::Sqlite(row) => {
            let value = row.get_ref(index).map_err(crate::db::Error::from)?;
            stored(value, *kind).ok_or_else(|| Error::Unfit { table: table.name, row: first(row), column: name })
        }
        Row::Postgres(row) => sent(row, index, *kind).map_err(|error| Error::Read(error.into())),
    };
    table.columns.iter().enumerate().map(cell).collect()
}

fn first(row: &rusqlite::Row<'_>) -> String {
    row.get::<_, i64>(0).map_or_else(|_| "?".to_owned(), |number| number.to_string())
}

/// What SQLite has stored, as a page shows it. `None`, if it is nothing that the column is for.
fn stored(value: ValueRef<'_>, kind: Kind) -> Option<Cell<'_>> {
    Some(match (kind, value) {
        (_, ValueRef::Null) => Cell::Null,
        (Kind::Integer, ValueRef::Integer(integer)) => Cell::Integer(integer),
        (Kind::Blob, ValueRef::Blob(bytes)) => Cell::Blob(bytes.into()),
        (Kind::Text, ValueRef::Integer(integer)) => Cell::Text(integer.to_string().into()),
        (Kind::Text, ValueRef::Real(real)) => Cell::Text(real.to_string().into()),
        (Kind::Text, ValueRef::Text(bytes)) => Cell::Text(text(bytes)),
        (Kind::Text, ValueRef::Blob(bytes)) => Cell::Text(text(bytes).into_owned().into()),
        _ => return None,
    })
}

fn text(bytes: &[u8]) -> Cow<'_, str> {
    let text = String::from_utf8_lossy(bytes);
    if text.contains('\0') { text.replace('\0', REPLACEMENT).into() } else { text }
}

fn sent(row: &tokio_postgres::Row, index: usize, kind: Kind) -> Result<Cell<'_>, tokio_postgres::Error> {
    let cell = match kind {
        Kind::Integer => row.try_get::<_, Option<i64>>(index)?.map(Cell::Integer),
        Kind::Text => row.try_get::<_, Option<&str>>(index)?.map(|text| Cell::Text(text.into())),
        Kind::Blob => row.try_get::<_, Option<&[u8]>>(index)?.map(|bytes| Cell::Blob(bytes.into())),
    };
    Ok(cell.unwrap_or(Cell::Null))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whatever SQLite has in a column of texts is a text afterwards, as pages show it, and what was another is known.
    #[test]
    fn texts() {
        let text = |value| match stored(value, Kind::Text) {
            Some(cell @ Cell::Text(_)) => (
                String::from_utf8_lossy(match &cell {
                    Cell::Text(text) => text.as_bytes(),
                    _ => b"",
                })
                .into_owned(),
                cell.is_changed(),
            ),
            other => panic!("{other:?}"),
        };
        assert_eq!(text(ValueRef::Text("안녕".as_bytes())), ("안녕".to_owned(), false));
        assert_eq!(text(ValueRef::Text(b"a\0b")), ("a\u{fffd}b".to_owned(), true));
        assert_eq!(text(ValueRef::Text(b"a\xffb")), ("a\u{fffd}b".to_owned(), true));
        assert_eq!(text(ValueRef::Blob(b"ab")), ("ab".to_owned(), true));
        assert_eq!(text(ValueRef::Integer(2018)), ("2018".to_owned(), true));
        assert_eq!(text(ValueRef::Real(1.5)), ("1.5".to_owned(), true));
    }

    /// What a column is not for is refused, since nobody could say what was meant.
    #[test]
    fn others() {
        assert_eq!(stored(ValueRef::Null, Kind::Integer), Some(Cell::Null));
        assert_eq!(stored(ValueRef::Text(b"7"), Kind::Integer), None);
        assert_eq!(stored(ValueRef::Real(7.0), Kind::Integer), None);
        assert_eq!(stored(ValueRef::Text(b"7"), Kind::Blob), None);
    }
}
